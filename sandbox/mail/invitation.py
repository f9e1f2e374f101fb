"""The calendar entries a mail carries, as what a person wants to know about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component
from icalendar.prop import vCalAddress

from sandbox.mail.reading import Mail

HEADLINES = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "PUBLISH": "Calendar entry",
    "REPLY": "Reply to an invitation",
    "COUNTER": "Another time proposed",
}


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str
    answer: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    One VEVENT. `starts_at` and `ends_at` are UTC, or None where the entry is for whole days or has no zone; `local` and
    `days` are then all that is known. `attachment` is the index of the part it came from.
    """

    attachment: int
    method: str
    summary: str
    status: str
    starts_at: datetime | None
    ends_at: datetime | None
    day: date
    local: str
    location: str
    description: str
    organizer: Person | None
    attendees: list[Person]
    alarms: list[str]
    repeats: str
    uid: str
    sequence: int

    @property
    def headline(self) -> str:
        return HEADLINES.get(self.method, self.method.title() or "Calendar entry")

    @property
    def is_cancelled(self) -> bool:
        return self.method == "CANCEL" or self.status == "CANCELLED"


def invitations_in(mail: Mail) -> list[Invitation]:
    """Every entry in the mail, once, though senders attach the same one twice. What is no calendar is skipped."""
    found: dict[tuple[str, str, int, str], Invitation] = {}
    for part in mail.attachments:
        if part.is_calendar:
            for entry in _read(part.content, part.index):
                found.setdefault((entry.method, entry.uid, entry.sequence, entry.local), entry)
    return list(found.values())


def _read(content: bytes, attachment: int) -> Iterator[Invitation]:
    try:
        calendar = Calendar.from_ical(content)
        method = str(calendar.get("METHOD", "")).upper()
        entries = [_invitation(event, method=method, attachment=attachment) for event in calendar.walk("VEVENT")]
    except Exception:  # noqa: BLE001 - not a calendar after all: it stays what it is, an attachment
        return
    yield from entries


def _invitation(event: Component, *, method: str, attachment: int) -> Invitation:
    start: date = event.decoded("DTSTART")
    end = _end_of(event, start)
    return Invitation(
        attachment=attachment,
        method=method,
        summary=str(event.get("SUMMARY", "")) or "(no title)",
        status=str(event.get("STATUS", "")).upper(),
        starts_at=_utc(start),
        ends_at=_utc(end),
        day=start.date() if isinstance(start, datetime) else start,
        local=_as_written(start, end),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")).strip(),
        organizer=_person(event["ORGANIZER"]) if "ORGANIZER" in event else None,
        attendees=[_person(value) for value in _as_list(event.get("ATTENDEE"))],
        alarms=[_alarm(alarm.decoded("TRIGGER")) for alarm in event.walk("VALARM") if "TRIGGER" in alarm],
        repeats=_rule(event["RRULE"]) if "RRULE" in event else "",
        uid=str(event.get("UID", "")),
        sequence=int(event.get("SEQUENCE", 0)),
    )


def _rule(value: Any) -> str:
    return str(value.to_ical(), "utf-8")


def _end_of(event: Component, start: date) -> date:
    if "DTEND" in event:
        return event.decoded("DTEND")  # type: ignore[no-any-return]
    if "DURATION" in event:
        return start + event.decoded("DURATION")  # type: ignore[no-any-return]
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _utc(moment: date) -> datetime | None:
    return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo else None


def _as_written(start: date, end: date) -> str:
    """The time as the sender wrote it, with the zone's name."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        last = end - timedelta(days=1)
        whole = f"{start:%a %d %b %Y}" if last <= start else f"{start:%a %d %b} to {last:%a %d %b %Y}"
        return f"{whole}, all day"
    zone = getattr(start.tzinfo, "key", None) or start.tzname() or "no zone given"
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%a %d %b %H:%M}"
    return f"{start:%a %d %b %Y, %H:%M} to {until} ({zone})"


def _as_list(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _person(value: object) -> Person:
    address = str(value)
    if address.lower().startswith("mailto:"):
        address = address[len("mailto:") :]
    params = value.params if isinstance(value, vCalAddress) else {}
    answer = str(params.get("PARTSTAT", "")).replace("-", " ").lower()
    return Person(name=str(params.get("CN", "")), address=address, answer=answer)


def _alarm(trigger: object) -> str:
    if not isinstance(trigger, timedelta):
        return f"at {trigger:%a %d %b %Y, %H:%M %Z}" if isinstance(trigger, datetime) else str(trigger)
    minutes = abs(int(trigger.total_seconds())) // 60
    if minutes == 0:
        return "when it starts"
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    spans = ((days, "day"), (hours, "hour"), (left, "minute"))
    words = " ".join(f"{count} {unit}{'s' if count > 1 else ''}" for count, unit in spans if count)
    return f"{words} {'before' if trigger < timedelta(0) else 'after'} it starts"
