"""The vendor's objects as the port's plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date
from typing import Protocol
from urllib.parse import quote

from slotdesk.availability.values import BusyKind, WeeklyRange
from slotdesk.integrations.connectwise import models
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.lib.zones import find_zone
from slotdesk.ports.errors import UnexpectedReply
from slotdesk.ports.psa import Contact, Entry, Holiday, Member, Named, Ticket, TicketRef

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = 24 * 60


class _HasName(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


def to_named(found: _HasName) -> Named:
    return Named(str(found.id), found.name)


def by_name(found: Iterable[_HasName]) -> list[Named]:
    return sorted(map(to_named, found), key=lambda each: (each.name.casefold(), int(each.id)))


def to_ticket(
    found: models.Ticket, kind: str, *, contact: models.Contact | None, codebase: str, settings: Settings
) -> Ticket:
    """contact is the ticket's contact read by its id, None when the ticket itself says enough."""
    return Ticket(
        ref=TicketRef(kind, str(found.id)),
        number=str(found.id),
        summary=found.summary,
        board=to_named(found.board),
        status=to_named(found.status),
        is_closed=found.closed_flag,
        url=f"{settings.screen_origin}/{codebase}services/system_io/Service/fv_sr100_request.rails"
        f"?service_recid={found.id}&companyName={quote(settings.company_id)}",
        company=to_named(found.company) if found.company else None,
        contact=_ticket_contact(found, contact),
        priority=to_named(found.priority) if found.priority else None,
        type=to_named(found.type) if found.type else None,
    )


def _ticket_contact(found: models.Ticket, contact: models.Contact | None) -> Contact | None:
    """What the ticket says of its contact goes before what the contact's own card says."""
    if found.contact is None and not found.contact_email_address and not found.contact_name:
        return None
    card = to_contact(contact) if contact else None
    return Contact(
        id=str(found.contact.id) if found.contact else "",
        name=found.contact_name or (found.contact.name if found.contact else ""),
        email=found.contact_email_address or (card.email if card else ""),
        phone=found.contact_phone_number or (card.phone if card else ""),
        company=to_named(found.company) if found.company else None,
    )


def to_contact(found: models.Contact) -> Contact:
    """The default address and number, else the first of each."""
    return Contact(
        id=str(found.id),
        name=f"{found.first_name} {found.last_name}".strip(),
        email=_preferred(found, "Email"),
        phone=found.default_phone_nbr or _preferred(found, "Phone"),
        company=to_named(found.company) if found.company else None,
    )


def _preferred(found: models.Contact, kind: str) -> str:
    values = [item for item in found.communication_items if item.communication_type == kind and item.value]
    values.sort(key=lambda item: not item.default_flag)
    return values[0].value if values else ""


def to_member(
    found: models.Member, *, zones: Mapping[int, models.TimeZoneSetup], calendars: Mapping[int, models.Calendar]
) -> Member:
    """zones and calendars by the ids that the member refers to."""
    label, zone = _zone(found.time_zone, zones)
    calendar = calendars.get(found.calendar.id) if found.calendar else None
    chosen = {"Office": found.office_email, "Mobile": found.mobile_email, "Home": found.home_email}
    return Member(
        id=str(found.id),
        identifier=found.identifier,
        name=f"{found.first_name} {found.last_name}".strip() or found.identifier,
        email=chosen.get(found.default_email) or found.primary_email or found.office_email,
        is_active=not found.inactive_flag,
        zone=zone or "",
        zone_label=label,
        hours=to_hours(calendar) if calendar else None,
        holiday_list_id=str(calendar.holiday_list.id) if calendar and calendar.holiday_list else "",
    )


def _zone(ref: models.Ref | None, zones: Mapping[int, models.TimeZoneSetup]) -> tuple[str, str | None]:
    """The name to show and the IANA name. The set-up's own name is free text, what it refers to is the vendor's."""
    if ref is None:
        return "", None
    setup = zones.get(ref.id)
    names = [setup.time_zone.name if setup and setup.time_zone else "", setup.name if setup else "", ref.name]
    label = next((name for name in (ref.name, *names) if name), "")
    return label, next(filter(None, map(find_zone, names)), None)


def to_hours(calendar: models.Calendar) -> tuple[WeeklyRange, ...]:
    """Days with equal hours share a range. A day whose start is its end is a day off."""
    days: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for number, name in enumerate(_DAYS, start=1):
        start = _minutes(getattr(calendar, f"{name}_start_time"))
        end = _minutes(getattr(calendar, f"{name}_end_time"), is_end=True)
        if start is not None and end is not None and start != end % _DAY:
            days[start, end].add(number)
    return tuple(WeeklyRange(frozenset(days[span]), *span) for span in sorted(days))


def to_holiday(found: models.Holiday) -> Holiday:
    try:
        day = date.fromisoformat(found.date[:10])
    except ValueError:
        raise UnexpectedReply("ConnectWise sent a holiday without a date.", body=found.date) from None
    start, end = _minutes(found.time_start), _minutes(found.time_end, is_end=True)
    if found.all_day_flag or start is None or end is None:
        return Holiday(day, found.name)
    return Holiday(day, found.name, start, end)


def _minutes(text: str | None, *, is_end: bool = False) -> int | None:
    """ "08:30:00" as minutes since midnight. As an end, midnight is 24:00 and so is 23:59:59, which screens write."""
    if not text:
        return None
    try:
        hour, minute, second = (int(part) for part in [*text.split(":"), "0"][:3])
    except ValueError:
        raise UnexpectedReply("ConnectWise sent working hours we cannot read.", body=text) from None
    minutes = hour * 60 + minute + (1 if is_end and second else 0)
    return _DAY if is_end and minutes == 0 else minutes


def to_entry(found: models.ScheduleEntry, *, tentative: Collection[int], ticket_type: str) -> Entry | None:
    """
    One stretch of the schedule, None when it has no length.

    tentative     ids of the schedule statuses that show as tentative
    ticket_type   identifier of the schedule type whose object is a ticket
    """
    if found.date_start is None or found.date_end is None or found.date_end <= found.date_start:
        return None
    if found.done_flag or not (found.start_time_set and found.end_time_set):
        kind = BusyKind.FREE  # finished early, or assigned for a day without a time
    elif found.status is not None and found.status.id in tentative:
        kind = BusyKind.TENTATIVE
    else:
        kind = BusyKind.BUSY
    ticket = None
    if found.object_id and found.type.identifier == ticket_type:
        is_project = "project" in found.ticket_type.casefold()
        ticket = TicketRef("project_ticket" if is_project else "service_ticket", str(found.object_id))
    return Entry(
        id=str(found.id),
        member_id=str(found.member.id),
        starts_at=found.date_start.astimezone(UTC),
        ends_at=found.date_end.astimezone(UTC),
        kind=kind,
        title=found.name,
        ticket=ticket,
    )
