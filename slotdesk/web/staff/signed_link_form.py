"""The form of a link for one client or one ticket."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from slotdesk.availability.wall_clock import day_bounds
from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.links.making import LASTS, LONGEST
from slotdesk.web.staff.pages import Clock
from slotdesk.web.staff.resource_choice import ResourceChoice


class SignedLinkForm(forms.Form):
    """
    With whom, what for, and how long. Dates are those of the reader's clock.

    types   those that such a link can be made for
    """

    type = forms.ChoiceField(label=gettext_lazy("Appointment type"))
    opens_on = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: at once. Whoever opens it earlier is told when to come back."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Its last day. A year at most."),
    )

    def __init__(self, sent: QueryDict | None, *, clock: Clock, chosen: list[str], initial: dict[str, Any]) -> None:
        """chosen: public ids of whom it begins with."""
        self._clock = clock
        super().__init__(sent, initial={"expires_on": clock.today + LASTS} | initial)
        self.types = {each.public_id: each for each in list_types().exclude(slug="") if self._fits(each)}
        self.fields["type"].choices = [(key, each.internal_name) for key, each in self.types.items()]  # type: ignore[attr-defined]
        self.whom = ResourceChoice(sent.getlist("resource") if sent is not None else chosen)
        for name in ("opens_on", "expires_on"):
            self.fields[name].widget.attrs |= {
                "min": clock.today.isoformat(),
                "max": (clock.today + LONGEST).isoformat(),
            }

    def clean_type(self) -> AppointmentType:
        return self.types[self.cleaned_data["type"]]

    def clean(self) -> dict[str, Any]:
        if not self.whom.resources():
            self.add_error(None, gettext("Choose who takes the appointment."))
        return self.cleaned_data

    def period(self) -> tuple[datetime | None, datetime]:
        """From the valid form: when the link opens (None = at once) and when it ends, in UTC."""
        opens_on: date | None = self.cleaned_data["opens_on"]
        opens_at = self._bounds(opens_on)[0] if opens_on and opens_on > self._clock.today else None
        return opens_at, self._bounds(self.cleaned_data["expires_on"])[1]

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        starts, ends = day_bounds(self._clock.zone, day, day)
        return datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)

    def _fits(self, appointment_type: AppointmentType) -> bool:
        return True


class ClientLinkForm(SignedLinkForm):
    """For one client; contact_id: of the one who was found in the PSA."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    company = forms.CharField(label=gettext_lazy("Company"), max_length=160, required=False)
    contact_id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def client(self) -> Client:
        """The valid form's client."""
        given = {name: " ".join(self.cleaned_data[name].split()) for name in ("name", "company")}
        return Client(**given, email=self.cleaned_data["email"], contact_id=self.cleaned_data["contact_id"])

    def _fits(self, appointment_type: AppointmentType) -> bool:
        return appointment_type.shareable != AppointmentType.Shareable.OFF
