"""The form of an appointment that was agreed with the client."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.booking.drafts import Client, Options
from slotdesk.domain.booking.guests import NotAnAddress, read_addresses
from slotdesk.domain.booking.manual import Agreed
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.tenants.models import Account
from slotdesk.lib.phones import read_number
from slotdesk.web.staff.resource_choice import ResourceChoice

_LONGEST = 24 * 60


class AppointmentForm(forms.Form):
    """
    With whom, what, for whom. The time is read by web/agreed_time.py.

    What decides which times are free (type, people, length) can be read also while the rest is empty.
    """

    type = forms.ChoiceField(label=gettext_lazy("Appointment type"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        required=False,
        min_value=1,
        max_value=_LONGEST,
        help_text=gettext_lazy("Empty: the type’s."),
    )
    name = forms.CharField(label=gettext_lazy("Client"), max_length=160)
    email = forms.EmailField(label=gettext_lazy("Their e-mail address"), max_length=254, required=False)
    phone = forms.CharField(label=gettext_lazy("Best contact number"), max_length=40, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    guests = forms.CharField(
        label=gettext_lazy("Guests"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("E-mail addresses. They get the details, and no link that changes anything."),
    )
    is_silent = forms.BooleanField(label=gettext_lazy("No e-mail to the client and the guests"), required=False)

    def __init__(self, sent: QueryDict | None, *, account: Account, initial: dict[str, Any]) -> None:
        super().__init__(sent, initial=initial)
        self._account = account
        self._types = {each.public_id: each for each in list_types()}
        self.whom = ResourceChoice(sent.getlist("resource") if sent is not None else initial.get("resource", []))
        self.fields["type"].choices = [(key, each.internal_name) for key, each in self._types.items()]  # type: ignore[attr-defined]
        for name in ("type", "minutes"):
            self.fields[name].widget.attrs["data-times"] = ""

    def clean_phone(self) -> str:
        text = " ".join(self.cleaned_data["phone"].split())
        number = read_number(text, country=self._account.country) if text else ""
        if text and not number:
            raise forms.ValidationError(gettext("This does not look like a phone number. Add + and the country code."))
        return number

    def clean_guests(self) -> list[str]:
        try:
            return read_addresses(self.cleaned_data["guests"])
        except NotAnAddress as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        if not self.whom.resources():
            self.add_error(None, gettext("Choose who takes the appointment."))
        return self.cleaned_data

    def type_chosen(self) -> AppointmentType | None:
        """The type as it stands in the form, checked or not."""
        key = self["type"].value()
        return self._types.get(str(key)) if key else next(iter(self._types.values()), None)

    def agreed(self, *, zone: str, contact: Client) -> Agreed | None:
        """
        Return what was agreed; of a form that is not valid yet what decides which times are free, None without it.

        contact   the ticket's: who keeps their address keeps their place in the PSA, and the company
        """
        kind, resources = self.type_chosen(), self.whom.resources()
        if kind is None or not resources:
            return None
        entered = self.cleaned_data if self.is_bound and self.is_valid() else {}
        client = None
        if entered:
            is_contact = entered["email"].lower() == contact.email.lower()
            client = Client(
                name=" ".join(entered["name"].split()),
                email=entered["email"],
                phone=entered["phone"],
                company=contact.company,
                contact_id=contact.contact_id if is_contact else "",
            )
        return Agreed(
            kind,
            resources,
            zone,
            client=client,
            note=entered.get("note", ""),
            options=Options(
                duration=self._length(), guests=entered.get("guests", ()), is_silent=entered.get("is_silent", False)
            ),
        )

    def _length(self) -> timedelta | None:
        text = str(self["minutes"].value() or "")
        is_length = text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= _LONGEST
        return timedelta(minutes=int(text)) if is_length else None
