"""What is open of somebody who leaves, and how far a removal got."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from slotdesk.domain.booking.handover import list_appointments_of, list_open_requests_of
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import find_appointment
from slotdesk.domain.people.models import Team
from slotdesk.domain.people.persons import Person
from slotdesk.domain.removals.models import Item, Removal
from slotdesk.domain.tenants.scope import all_accounts

# An item takes seconds; a run that has not moved for so long has lost its worker.
_STILL = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is open. appointment: the standing one; None = nobody has booked yet."""

    request: SchedulingRequest
    appointment: Appointment | None


@dataclass(frozen=True, slots=True)
class Progress:
    """handled of total; failed: how many of the handled ones could not be done."""

    total: int
    handled: int
    failed: int

    @property
    def percent(self) -> int:
        return 100 * self.handled // self.total if self.total else 100


def list_open(person: Person, *, now: datetime) -> list[Open]:
    """Appointments to come in order of time, then requests that ask for the person by name, oldest first."""
    if person.agent is None:
        return []
    booked = [Open(each, find_appointment(each)) for each in list_appointments_of(person.agent, now=now)]
    return booked + [Open(each, None) for each in list_open_requests_of(person.agent)]


def list_teams_of(person: Person) -> list[tuple[Team, bool]]:
    """The teams the person takes turns in, each with whether nobody else in it can be booked."""
    if person.agent is None:
        return []
    teams = Team.objects.filter(members__agent=person.agent, is_active=True).order_by("internal_name", "id")
    return [(team, not _has_others(team, person)) for team in teams]


def _has_others(team: Team, person: Person) -> bool:
    able = team.members.filter(is_paused=False, agent__is_active=True, agent__is_schedulable=True)
    return able.exclude(agent=person.agent).exists()


def get_removal(person: Person, public_id: str) -> Removal:
    """One of the person's, with its items in order. Raises Removal.DoesNotExist."""
    items = Item.objects.select_related("request__account", "agent", "team").order_by("position")
    removals = of_person(person).select_related(
        "account", "agent", "membership__user", "membership__role", "agent__membership__user"
    )
    return removals.prefetch_related(Prefetch("items", items)).get(public_id=public_id)


def find_latest(person: Person) -> Removal | None:
    """The person's latest removal, planned ones too."""
    return of_person(person).order_by("-created_at", "-id").first()


def of_person(person: Person) -> QuerySet[Removal]:
    """All of the person's removals; an agent may get a sign-in, or another one, between two."""
    if person.agent is not None:
        return Removal.objects.filter(agent=person.agent)
    return Removal.objects.filter(agent=None, membership=person.member)


def progress_of(removal: Removal) -> Progress:
    states = Counter(item.state for item in removal.items.all())
    total = states.total()
    return Progress(total, total - states[Item.State.WAITING], states[Item.State.FAILED])


def list_standing_still(*, now: datetime) -> list[int]:
    """Runs of any account that have lost their worker, by their key in the database."""
    with all_accounts():  # the sweep is for everybody
        running = Removal.objects.filter(state=Removal.State.RUNNING, moved_at__lt=now - _STILL)
        return list(running.order_by("id").values_list("pk", flat=True))
