"""Making and changing teams, told in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from slotdesk.domain.events.changes import Changes, changes_between
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent, Team, TeamMember
from slotdesk.domain.people.slugs import BadSlug, SlugTaken, is_slug, is_taken
from slotdesk.domain.people.turns import away_before, follow_presence


class MembersAreMirrored(Exception):
    """The PSA says who is in this team; change it there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in a team as it is wanted. weight: 1 or more, compared with the others' in round robin."""

    agent: Agent
    weight: int = 1
    is_paused: bool = False


def save_team(*, team: Team, places: Sequence[Place], actor: str, now: datetime) -> None:
    """
    Store a new or changed team with exactly these members.

    Who joins, or takes part again after a pause, starts level with the others: nobody is owed what came meanwhile.
    A mirrored team takes weights and pauses, but no other members. Raises BadSlug, SlugTaken, MembersAreMirrored.
    """
    if not is_slug(team.slug):
        raise BadSlug(team.slug)
    if is_taken(team.slug, account=team.account, besides=team):
        raise SlugTaken(team.slug)
    kind = "team.changed" if team.pk else "team.created"
    try:
        with transaction.atomic(durable=True):
            before = _stored(team) if team.pk else None
            team.save()
            _follow(team, places, now)
            changes = changes_between(before, _stored(team))
            if changes:
                record(account=team.account, kind=kind, subject=team.public_id, now=now, actor=actor, changes=changes)
    except IntegrityError as error:
        if "team_slug_once" in str(error):
            raise SlugTaken(team.slug) from error
        raise


@transaction.atomic(durable=True)
def add_to_teams(*, agent: Agent, teams: Iterable[Team], actor: str, now: datetime) -> None:
    """
    Let the agent join these teams, as somebody does who accepts an invitation. Being in one already changes nothing.

    Raises MembersAreMirrored; then they joined none.
    """
    for team in teams:
        if team.is_mirrored:
            raise MembersAreMirrored(team.internal_name)
        place, is_new = TeamMember.objects.get_or_create(team=team, agent=agent, defaults={"away": away_before(now)})
        if not is_new:
            continue
        follow_presence([place], now=now)
        record(
            account=team.account,
            kind="team.changed",
            subject=team.public_id,
            now=now,
            actor=actor,
            changes={f"member: {agent.name}": (None, _say(place))},
        )


@transaction.atomic(durable=True)
def remove_from_team(*, agent: Agent, team: Team, actor: str, now: datetime) -> None:
    """Take the agent out; what was booked stands. Who is not in it stays so. Raises MembersAreMirrored."""
    if team.is_mirrored:
        raise MembersAreMirrored(team.internal_name)
    place = TeamMember.objects.select_for_update().filter(team=team, agent=agent).first()
    if place is None:
        return
    place.delete()
    record(
        account=team.account,
        kind="team.changed",
        subject=team.public_id,
        now=now,
        actor=actor,
        changes={f"member: {agent.name}": (_say(place), None)},
    )


@transaction.atomic(durable=True)
def remove_team(*, team: Team, actor: str, now: datetime) -> bool:
    """
    Delete a team, or archive it when requests or appointments name it. Return whether it is gone altogether.

    Nobody can be booked for an archived one any more, what was booked stands. A mirrored team is archived always, or
    the PSA would bring it back.
    """
    changes: Changes = {field: (value, None) for field, value in _stored(team).items()}
    if not team.is_mirrored:
        try:
            with transaction.atomic():
                Team.objects.filter(pk=team.pk).delete()
        except ProtectedError:
            pass
        else:
            record(
                account=team.account, kind="team.removed", subject=team.public_id, now=now, actor=actor, changes=changes
            )
            return True
    if Team.objects.filter(pk=team.pk, archived_at=None).update(archived_at=now, is_active=False):
        record(
            account=team.account,
            kind="team.archived",
            subject=team.public_id,
            now=now,
            actor=actor,
            changes={"is_active": (team.is_active, False)},
        )
    return False


@transaction.atomic(durable=True)
def restore_team(*, team: Team, actor: str, now: datetime) -> None:
    """
    Let an archived team be asked for again.

    Its members start level. A mirrored one that the PSA no longer has is put aside again at the next synchronisation.
    """
    if Team.objects.filter(pk=team.pk).exclude(archived_at=None).update(archived_at=None, is_active=True):
        record(
            account=team.account,
            kind="team.restored",
            subject=team.public_id,
            now=now,
            actor=actor,
            changes={"is_active": (False, True)},
        )


def _follow(team: Team, places: Sequence[Place], now: datetime) -> None:
    rows = {row.agent_id: row for row in TeamMember.objects.filter(team=team).select_related("agent")}
    if team.is_mirrored and rows.keys() != {place.agent.pk for place in places}:
        raise MembersAreMirrored(team.internal_name)
    TeamMember.objects.filter(team=team).exclude(agent__in=[place.agent for place in places]).delete()
    kept = []
    for place in places:
        row = rows.get(place.agent.pk) or TeamMember(team=team, agent=place.agent, away=away_before(now))
        row.weight, row.is_paused = place.weight, place.is_paused
        row.save()
        kept.append(row)
    follow_presence(kept, now=now)


def _stored(team: Team) -> dict[str, object]:
    """What the audit log tells of a team, as it is in the database."""
    row = Team.objects.get(pk=team.pk)
    told: dict[str, object] = {
        "internal_name": row.internal_name,
        "external_name": row.external_name,
        "slug": row.slug,
        "rule": row.rule,
    }
    members = TeamMember.objects.filter(team=row).select_related("agent").order_by("agent__name", "agent_id")
    return told | {f"member: {place.agent.name}": _say(place) for place in members}


def _say(place: TeamMember) -> str:
    return f"weight {place.weight}{', paused' if place.is_paused else ''}"
