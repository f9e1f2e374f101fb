"""Visitors of public links who wait to be told when a time opens, as staff look at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from slotdesk.domain.events.operations import record
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.openings import end
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Membership
from slotdesk.domain.tenants.permissions import Permission, may

MOST_TARGETS = 5


@dataclass(frozen=True, slots=True)
class Target:
    """
    What several wait for: an appointment type with these people, perhaps for a ticket.

    about   as on OpeningAlert
    """

    about: str
    type: str
    resources: tuple[str, ...]
    ticket_number: str
    count: int


def list_waiting(member: Membership) -> QuerySet[OpeningAlert]:
    """
    Those whom the member may see, who asked last coming first: who wait for them or a team of theirs; with
    requests.view_all everybody.

    Invited clients who wait are shown on their requests.
    """
    alerts = OpeningAlert.objects.filter(request=None, ended_at=None).select_related("appointment_type", "signed_link")
    if not may(member.role, Permission.REQUESTS_VIEW_ALL):
        alerts = alerts.filter(resources__overlap=_own(member))
    return alerts.order_by("-asked_at", "-pk")


def list_targets(alerts: QuerySet[OpeningAlert]) -> list[Target]:
    """What most of these wait for, most first; the first few."""
    names = ("about", "appointment_type__internal_name", "resources", "ticket_number")
    found = alerts.order_by().values_list(*names).annotate(count=Count("pk")).order_by("-count", "about")
    return [
        Target(about, kind, tuple(resources), number, count)
        for about, kind, resources, number, count in found[:MOST_TARGETS]
    ]


def names_of(public_ids: Collection[str]) -> dict[str, str]:
    """Public id → name of people and teams of the account, also of those who are not there any more."""
    found: list[Agent | Team] = [
        *Agent.objects.filter(public_id__in=public_ids),
        *Team.objects.filter(public_id__in=public_ids),
    ]
    return {each.public_id: str(each) for each in found}


def pick_removable(member: Membership, alerts: Collection[OpeningAlert]) -> set[int]:
    """
    Return which of these, by primary key, the member may take out: with requests.cancel_all every one, with
    requests.cancel_own those who wait for them or a team of theirs.
    """
    if may(member.role, Permission.REQUESTS_CANCEL_ALL):
        return {each.pk for each in alerts}
    if not may(member.role, Permission.REQUESTS_CANCEL_OWN):
        return set()
    own = set(_own(member))
    return {each.pk for each in alerts if own.intersection(each.resources)}


def remove_alert(*, alert: OpeningAlert, actor: str, now: datetime) -> None:
    """Whoever it is for is told no more, and may ask again. Doing it twice changes nothing."""
    with transaction.atomic(durable=True):
        if end(alert, OpeningAlert.Ending.REMOVED, now):
            record(
                account=alert.account,
                kind="opening_alert.removed",
                subject=alert.appointment_type.public_id,
                now=now,
                actor=actor,
                # Never who: the row says that, and is gone when they are to be forgotten.
                data={"resources": alert.resources, "asked_at": alert.asked_at.isoformat()},
            )


def _own(member: Membership) -> list[str]:
    agents = Agent.objects.filter(membership=member).values_list("public_id", flat=True)
    teams = Team.objects.filter(members__agent__membership=member).values_list("public_id", flat=True)
    return [*agents, *teams]
