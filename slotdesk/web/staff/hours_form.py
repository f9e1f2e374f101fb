"""The editor of working hours: rows of weekdays with a start and an end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from slotdesk.availability.values import WeeklyRange
from slotdesk.domain.people.hours import BadHours, clock_minutes, clock_text

DAYS = (
    (1, gettext_lazy("Mon")),
    (2, gettext_lazy("Tue")),
    (3, gettext_lazy("Wed")),
    (4, gettext_lazy("Thu")),
    (5, gettext_lazy("Fri")),
    (6, gettext_lazy("Sat")),
    (7, gettext_lazy("Sun")),
)


def _time_input() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "placeholder": "09:00", "size": 5})


class HoursRow(forms.Form):
    """One range on some weekdays. A row without weekdays counts as removed."""

    days = forms.TypedMultipleChoiceField(
        choices=DAYS, coerce=int, required=False, label=gettext_lazy("Days"), widget=forms.CheckboxSelectMultiple
    )
    start = forms.CharField(label=gettext_lazy("From"), required=False, max_length=5, widget=_time_input())
    end = forms.CharField(label=gettext_lazy("To"), required=False, max_length=5, widget=_time_input())

    def clean_start(self) -> int | None:
        return self._minutes("start")

    def clean_end(self) -> int | None:
        return self._minutes("end")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("days") or self.errors:
            return cleaned
        for name in ("start", "end"):
            if cleaned.get(name) is None:
                self.add_error(name, gettext("Enter a time such as 09:00."))
        if not self.errors and cleaned["start"] == cleaned["end"]:
            self.add_error("end", gettext("Must differ from the start; 00:00 to 24:00 is the whole day."))
        return cleaned

    def _minutes(self, name: str) -> int | None:
        text = self.cleaned_data[name].strip()
        if not text:
            return None
        try:
            return clock_minutes(text)
        except BadHours as error:
            raise forms.ValidationError(str(error)) from error


HoursFormSet = forms.formset_factory(HoursRow, extra=0, max_num=21, validate_max=True)


def hours_initial(ranges: Iterable[WeeklyRange]) -> list[dict[str, Any]]:
    """Return what the rows show for these hours; one empty row for none."""
    rows: list[dict[str, Any]] = [
        {"days": sorted(item.days), "start": clock_text(item.start), "end": clock_text(item.end)} for item in ranges
    ]
    return rows or [{}]


def hours_entered(formset: Any) -> list[WeeklyRange]:
    """Return the ranges of a valid form set."""
    return [
        WeeklyRange(frozenset(row["days"]), row["start"], row["end"])
        for row in (form.cleaned_data for form in formset)
        if row.get("days")
    ]


def summarize_hours(ranges: Iterable[WeeklyRange]) -> list[str]:
    """Return one line a range, such as "Mon–Fri 09:00–17:00"."""
    return [f"{_days(sorted(item.days))} {clock_text(item.start)}–{clock_text(item.end)}" for item in ranges]


def _days(days: list[int]) -> str:
    names = {day: str(name) for day, name in DAYS}
    if days == list(range(1, 8)):
        return gettext("Daily")
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[days[0]]}–{names[days[-1]]}"
    return ", ".join(names[day] for day in days)
