"""What visitors of public links are asked besides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.web.public.forms import AnswersForm, Line
from slotdesk.web.public.questions import TOO_LONG, LineField, Look

_NOT_AN_ADDRESS = gettext_lazy("This does not look like an e-mail address.")


def email_field() -> forms.EmailField:
    required = gettext_lazy("Please tell us your e-mail address.")
    return forms.EmailField(max_length=254, error_messages={"required": required, "invalid": _NOT_AN_ADDRESS})


class VisitorForm(AnswersForm):
    """
    The booking form for somebody of whom nothing is known: with name come address and company.

    website   no one sees it; whoever fills it in is a program
    """

    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field()
        appointment_type: AppointmentType = self.request.appointment_type
        if not self.request.ticket_number and appointment_type.new_contacts != NewContacts.CATCH_ALL:
            too_long = {"max_length": TOO_LONG}
            self.fields["company"] = LineField(max_length=120, required=False, error_messages=too_long)

    def lines(self) -> list[Line]:
        first, *rest = super().lines()
        lines = [first, Line(self["email"], self.labels["email"], Look(type="email", autocomplete="email"), "")]
        if "company" in self.fields:
            look = Look(autocomplete="organization")
            lines.append(Line(self["company"], self.labels["company"], look, ""))
        return lines + rest

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(gettext("Please leave this field empty."))
        return ""

    def client(self) -> Client:
        """The valid form's client."""
        cleaned = self.cleaned_data
        return Client(cleaned["name"], cleaned["email"], cleaned.get("phone", ""), cleaned.get("company", ""))


class KnownForm(AnswersForm):
    """The booking form for the client whom a signed link was made for: who they are is shown, and not asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.disabled, name.initial = True, self.request.client_name
        self.initial.pop("name", None)

    def lines(self) -> list[Line]:
        return [line for line in super().lines() if line.field.name != "name"]

    @property
    def known(self) -> str:
        """Whom it is for, such as "Nina New, nina@newcomer.example, Newcomer Ltd"."""
        asked = self.request
        return ", ".join(filter(None, [asked.client_name, asked.client_email, asked.company_name]))

    def client(self) -> Client:
        """The client whom the link was made for, with the number that the valid form says."""
        asked, phone = self.request, self.cleaned_data.get("phone", "")
        return Client(asked.client_name, asked.client_email, phone, asked.company_name, asked.contact_id)


class EmailForm(forms.Form):
    """Whose address is to be proved."""

    email = email_field()

    def line(self) -> Line:
        return Line(self["email"], gettext("Your e-mail address"), Look(type="email", autocomplete="email"), "")


class CodeForm(forms.Form):
    """The code from the e-mail."""

    code = forms.CharField(
        max_length=20, error_messages={"required": gettext_lazy("Please enter the code from the e-mail.")}
    )

    def line(self) -> Line:
        return Line(self["code"], gettext("Code from the e-mail"), Look(autocomplete="one-time-code"), "")
