"""The filters above the audit log."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.events.areas import AREAS
from slotdesk.domain.events.queries import AuditFilter
from slotdesk.domain.tenants.models import Membership


class AuditForm(forms.Form):
    """Dates are those of `zone`, both ends included."""

    person = forms.ChoiceField(
        required=False, label=gettext_lazy("Who"), widget=forms.Select(attrs={"class": "form-select"})
    )
    actor = forms.CharField(
        required=False,
        max_length=160,
        label=gettext_lazy("Name contains"),
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": gettext_lazy("Also clients")}),
    )
    area = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Area"),
        choices=[("", gettext_lazy("Everything")), *((area, label) for area, (label, _prefixes) in AREAS.items())],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    since = forms.DateField(
        required=False,
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )
    until = forms.DateField(
        required=False,
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )
    subject = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)
        members = Membership.objects.select_related("user").order_by("user__name", "user__email")
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Anybody")),
            *((member.public_id, str(member.user)) for member in members),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("Must not lie before “From”."))
        return cleaned

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    def wanted(self) -> AuditFilter:
        """What a valid form asks for."""
        entered = self.cleaned_data
        since, until = entered["since"], entered["until"]
        return AuditFilter(
            member_id=entered["person"],
            actor=entered["actor"].strip(),
            area=entered["area"],
            subject=entered["subject"].strip(),
            since=datetime.combine(since, time(), self._zone) if since else None,
            until=datetime.combine(until + timedelta(days=1), time(), self._zone) if until else None,
        )
