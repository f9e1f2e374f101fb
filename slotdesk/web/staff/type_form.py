"""The form of an appointment type. Durations are entered in minutes, reminders in hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from slotdesk.availability.terms import BadTerms
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.terms import freeze_terms

_DAY = 24 * 60
_MOST_HOURS = 365 * 24


class MinutesField(forms.IntegerField):
    """A timedelta, entered as whole minutes."""

    def prepare_value(self, value: Any) -> Any:
        return value // timedelta(minutes=1) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> Any:
        minutes = super().clean(value)
        return None if minutes is None else timedelta(minutes=minutes)


def _minutes(label: str, *, least: int, help_text: str = "") -> MinutesField:
    return MinutesField(label=f"{label} (minutes)", min_value=least, max_value=_DAY, help_text=help_text)


def _reminder(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=_MOST_HOURS, help_text=help_text)


@dataclass(frozen=True, slots=True)
class Section:
    """
    A part of the form.

    tip         the practice that works best, for whoever sets this up for the first time
    is_paired   each amount stands beside its unit
    """

    title: str
    text: str
    fields: tuple[str, ...]
    tip: str = ""
    is_paired: bool = False


_SECTIONS = (
    Section(
        "Name and place",
        "What your people pick in the ticket, and what the client reads.",
        ("internal_name", "external_name", "slug", "place", "description"),
    ),
    Section(
        "Length",
        "How long it takes, and which starts are offered.",
        ("duration", "increment"),
        "A 60-minute meeting with a 15-minute step can start every quarter of an hour.",
    ),
    Section(
        "Buffers",
        "Time that stays free around the appointment, for preparation, wrap-up or travel.",
        ("buffer_before", "buffer_after"),
        "At least 15 minutes between remote sessions; longer for on-site visits and back-to-back meetings.",
    ),
    Section(
        "How soon, how far, how many",
        "Nobody books in the next few minutes, nor in a year’s time.",
        ("notice_amount", "notice_unit", "window_amount", "window_unit", "daily_maximum"),
        "Business hours and business days count the person’s own working time, so “4 business hours” asked on a Friday "
        "evening reach into Monday.",
        is_paired=True,
    ),
    Section(
        "Best contact number",
        "Whether the client is asked for a phone number.",
        ("phone_rule",),
        "Required for phone calls and on-site visits; off for online meetings, where it confuses.",
    ),
    Section(
        "Rescheduling & Booking Rules",
        "Whether clients may move and cancel what they booked, from the page and the e-mail of their appointment.",
        ("clients_may_change", "change_notice_amount", "change_notice_unit"),
        "On for phone calls and remote sessions: clients help themselves, and you save the work. Off for on-site "
        "visits, which are planned around travel.",
        is_paired=True,
    ),
    Section(
        "Clients who do not answer",
        "Reminders go to clients who were sent an invitation from the ticket and have not picked a time yet.",
        ("reminder_1", "reminder_2", "no_response_amount"),
        "Let the last reminder come before the deadline, and set the deadline to 3 or 4 days at least. Switch off "
        "auto-close and reminder rules of your PSA that would do the same.",
    ),
    Section("E-mail", "Whether Slotdesk writes to the client at all.", ("is_silent",)),
)


class TypeForm(forms.ModelForm):  # type: ignore[type-arg]
    duration = _minutes("Duration", least=1)
    increment = _minutes("Step between starts", least=1)
    buffer_before = _minutes("Buffer before", least=0)
    buffer_after = _minutes("Buffer after", least=0)
    reminder_1 = _reminder("First reminder", "Hours after the invitation. Empty: none.")
    reminder_2 = _reminder("Second reminder", "Hours after the invitation. Empty: none.")

    class Meta:
        model = AppointmentType
        fields = (
            "internal_name",
            "external_name",
            "slug",
            "place",
            "description",
            "duration",
            "increment",
            "buffer_before",
            "buffer_after",
            "notice_amount",
            "notice_unit",
            "window_amount",
            "window_unit",
            "daily_maximum",
            "phone_rule",
            "clients_may_change",
            "change_notice_amount",
            "change_notice_unit",
            "no_response_amount",
            "is_silent",
        )
        labels: ClassVar[dict[str, str]] = {
            "internal_name": "Internal name",
            "external_name": "Name for clients",
            "slug": "Address part",
            "place": "Where it happens",
            "description": "Text for the client",
            "notice_amount": "Minimum notice",
            "notice_unit": "Unit of the notice",
            "window_amount": "Scheduling window",
            "window_unit": "Unit of the window",
            "daily_maximum": "Most per day",
            "phone_rule": "Phone number",
            "clients_may_change": "Clients may reschedule and cancel",
            "change_notice_amount": "Minimum notice for changes",
            "change_notice_unit": "Unit of the notice for changes",
            "no_response_amount": "Give up after (days)",
            "is_silent": "Send the client no e-mail",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "internal_name": "In the ticket panel and in ticket notes.",
            "external_name": "In e-mails and on the booking page. Empty: the internal name.",
            "slug": "Letters, digits and hyphens; for links such as /30-minute-call. Empty: no such links.",
            "notice_amount": "The earliest start, counted from the moment of booking. 0: none.",
            "window_amount": "The last day that can be booked. 0: no limit.",
            "daily_maximum": "Per person and day, appointments of this type. 0: no limit.",
            "clients_may_change": "Your people may do both at any time, whatever is set here.",
            "change_notice_amount": "Until how long before the start. 0: until it starts.",
            "no_response_amount": "Then the ticket takes its “No response” status. 0: never.",
            "is_silent": "No invitation, confirmation or reminder; your people still get theirs.",
        }
        widgets: ClassVar[dict[str, Any]] = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, reminder in zip(("reminder_1", "reminder_2"), self.instance.reminders, strict=False):
            self.initial.setdefault(name, reminder["after_minutes"] // 60)

    def sections(self) -> Iterator[tuple[Section, list[BoundField]]]:
        for section in _SECTIONS:
            yield section, [self[name] for name in section.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("reminder_1"), cleaned.get("reminder_2")
        if second and not first:
            self.add_error("reminder_2", "There is no second reminder without a first.")
        elif first and second and second <= first:
            self.add_error("reminder_2", "Must come later than the first reminder.")
        deadline = cleaned.get("no_response_amount")
        if deadline and max(first or 0, second or 0) >= deadline * 24:
            self.add_error("no_response_amount", "Must come later than the last reminder.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        self.instance.reminders = [
            {"after_minutes": hours * 60, "template": ""}
            for name in ("reminder_1", "reminder_2")
            if (hours := self.cleaned_data.get(name))
        ]
        try:
            freeze_terms(self.instance)
        except BadTerms as error:
            field, _, reason = str(error).partition(": ")
            self.add_error(field if field in self.fields else None, reason or str(error))
