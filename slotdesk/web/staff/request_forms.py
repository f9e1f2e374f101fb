"""The forms of a request's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.lib.phones import read_number


class ClientForm(forms.Form):
    """Who is asked. Numbers are read as one dials them in the account's country."""

    name = forms.CharField(max_length=160, label=gettext_lazy("Name"))
    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("With another address the earlier link dies, and the invitation is sent again."),
    )
    phone = forms.CharField(max_length=40, required=False, label=gettext_lazy("Phone number"))

    def __init__(self, sent: Any, *, request_: SchedulingRequest) -> None:
        initial = {
            "name": request_.client_name,
            "email": request_.client_email,
            "phone": request_.client_phone,
        }
        super().__init__(sent, initial=initial)
        self._country = request_.account.country
        # Somebody who was only given a link need not have an address.
        self.fields["email"].required = bool(request_.client_email)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_phone(self) -> str:
        text = " ".join(self.cleaned_data["phone"].split())
        if not text:
            return ""
        number = read_number(text, country=self._country)
        if not number:
            raise forms.ValidationError(gettext("This does not look like a phone number. Add + and the country code."))
        return number
