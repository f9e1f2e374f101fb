"""What takes agents' time: entries read from calendars, and our own appointments, as the engine takes them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Exists, F, OuterRef
from django.db.models.functions import Cast, Extract, Floor

from slotdesk.availability.values import BusyColumns, BusyKind
from slotdesk.domain.booking.models import Appointment, Reservation
from slotdesk.domain.connections.models import BusyPeriod, ExternalLink

Details = tuple[BusyKind, str, str]


@dataclass(slots=True)
class Engagements:
    """
    One agent's.

    starts, ends   epoch seconds, in step; own appointments widened by their buffers
    details        kind, source and title of each, or nothing when nobody asked for them
    counts         own appointments of the type that is asked for, per local date
    """

    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    details: list[Details] = field(default_factory=list)
    counts: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def columns(self) -> BusyColumns:
        return BusyColumns(self.starts, self.ends, self.details)


def load_engagements(
    zones: Mapping[int, str],
    first: datetime,
    last: datetime,
    *,
    appointment_type_id: int,
    without: Appointment | None,
    with_details: bool,
) -> dict[int, Engagements]:
    """
    Return what overlaps the period, by agent. zones: each agent's IANA name, whose dates the counts are on.

    without        an appointment that is left out, because it is being moved
    with_details   for explanations; a listing has no use for them
    """
    found = {agent_id: Engagements() for agent_id in zones}
    _add_entries(found, first, last, with_details=with_details)
    reservations = Reservation.objects.filter(agent__in=zones, during__overlap=(first, last), released_at=None)
    if without is not None:
        reservations = reservations.exclude(appointment=without)
    for agent_id, during, before, after, name, type_id in reservations.order_by("id").values_list(
        "agent_id",
        "during",
        "buffer_before",
        "buffer_after",
        "appointment__request__internal_name",
        "appointment__request__appointment_type_id",
    ):
        engaged = found[agent_id]
        engaged.starts.append(int((during.lower - before).timestamp()))
        engaged.ends.append(int((during.upper + after).timestamp()))
        if with_details:
            engaged.details.append((BusyKind.APPOINTMENT, "Slotdesk", name))
        if type_id == appointment_type_id:
            engaged.counts[during.lower.astimezone(ZoneInfo(zones[agent_id])).date()] += 1
    return found


def _add_entries(found: dict[int, Engagements], first: datetime, last: datetime, *, with_details: bool) -> None:
    """Thousands of rows for a team: the database makes them into one array an agent."""
    ours = ExternalLink.objects.filter(
        connection=OuterRef("calendar__connection"),
        kind="entry",
        external_id=OuterRef("external_id"),
        starts_at=OuterRef("starts_at"),
        ends_at=OuterRef("ends_at"),
    )
    order = ("starts_at", "pk")
    columns = {
        "starts": ArrayAgg(_epoch("starts_at"), order_by=order),
        "ends": ArrayAgg(_epoch("ends_at"), order_by=order),
    }
    if with_details:
        columns |= {"kinds": ArrayAgg("kind", order_by=order), "titles": ArrayAgg("title", order_by=order)}
    rows = (
        BusyPeriod.objects.filter(
            ~Exists(ours),  # what we wrote is a reservation already, unless somebody moved it since
            calendar__agent__in=found,
            calendar__is_blocking=True,
            calendar__blocking_kinds__contains=[F("kind")],
            starts_at__lt=last,
            ends_at__gt=first,
        )
        .values("calendar__agent_id", "calendar__connection__kind")
        .annotate(**columns)
        .order_by("calendar__agent_id", "calendar__connection__kind")
    )
    for row in cast("Iterable[dict[str, Any]]", rows):
        engaged = found[row["calendar__agent_id"]]
        engaged.starts.extend(row["starts"])
        engaged.ends.extend(row["ends"])
        if with_details:
            source = row["calendar__connection__kind"]
            engaged.details.extend(
                (BusyKind(kind), source, title) for kind, title in zip(row["kinds"], row["titles"], strict=True)
            )


def _epoch(name: str) -> Cast:
    return Cast(Floor(Extract(name, "epoch")), BigIntegerField())
