"""The form of leave: whole days, or with times a part of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from slotdesk.domain.people.hours import BadHours, clock_minutes, clock_text
from slotdesk.domain.people.models import TimeOff


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _time() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "09:00", "size": 5})


class TimeOffForm(forms.Form):
    """On the person's own clock. Without times, whole days."""

    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=_day())
    start = forms.CharField(label=gettext_lazy("From"), required=False, max_length=5, widget=_time())
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=_day(), help_text=gettext_lazy("Empty: the same day.")
    )
    end = forms.CharField(label=gettext_lazy("Until"), required=False, max_length=5, widget=_time())
    name = forms.CharField(label=gettext_lazy("What for"), required=False, max_length=120)
    is_private = forms.BooleanField(
        label=gettext_lazy("Private"),
        required=False,
        help_text=gettext_lazy("Others see that it is time off, not what for."),
    )

    def clean_start(self) -> int | None:
        return self._minutes("start")

    def clean_end(self) -> int | None:
        return self._minutes("end")

    def fill(self, time_off: TimeOff) -> TimeOff:
        """Put what was entered into the leave. Only when valid."""
        entered = self.cleaned_data
        time_off.starts_on = entered["starts_on"]
        time_off.ends_on = entered["ends_on"] or entered["starts_on"]
        time_off.start, time_off.end = entered["start"], entered["end"]
        time_off.name, time_off.is_private = entered["name"], entered["is_private"]
        return time_off

    def _minutes(self, name: str) -> int | None:
        text = self.cleaned_data[name].strip()
        if not text:
            return None
        try:
            return clock_minutes(text)
        except BadHours as error:
            raise forms.ValidationError(str(error)) from error


def initial_of(time_off: TimeOff) -> dict[str, Any]:
    """What the form shows for this leave."""
    return {
        "starts_on": time_off.starts_on,
        "start": "" if time_off.start is None else clock_text(time_off.start),
        "ends_on": time_off.ends_on,
        "end": "" if time_off.end is None else clock_text(time_off.end),
        "name": time_off.name,
        "is_private": time_off.is_private,
    }
