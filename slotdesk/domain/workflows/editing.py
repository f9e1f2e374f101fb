"""Workflow Mode: what an appointment type does, edited by hand, told in the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from slotdesk.domain.catalog.classic import compile_workflow, workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Workflow
from slotdesk.domain.events.changes import Changes
from slotdesk.domain.events.models import Event
from slotdesk.domain.events.operations import record
from slotdesk.domain.events.plain_words import plain_words
from slotdesk.domain.workflows.checking import Problem, find_problems
from slotdesk.domain.workflows.words import say_lines

_KINDS = (
    "appointment_type.workflow_mode_started",
    "appointment_type.workflow_changed",
    "appointment_type.workflow_mode_ended",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A branch that two workflows have differently: lines that only the first, and that only the second has."""

    branch: str
    only_first: list[str]
    only_second: list[str]


class ChangedMeanwhile(Exception):
    """Somebody else has saved since the page was opened; nothing was stored. by: who, as staff read it."""

    def __init__(self, by: str, at: datetime | None) -> None:
        super().__init__(by)
        self.by, self.at = by, at


class NotUsable(Exception):
    """The workflow cannot do what it says; `problems` name every place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def revision_of(appointment_type: AppointmentType) -> str:
    """Return what tells one stored state of the type's workflow from every other."""
    stored = json.dumps(appointment_type.workflow, sort_keys=True)
    return hashlib.sha256(stored.encode()).hexdigest()[:16]


def start_workflow_mode(*, appointment_type: AppointmentType, actor: str, now: datetime) -> None:
    """Have the type's workflow be edited by hand from now on, beginning with what its settings say. Twice is once."""
    with transaction.atomic(durable=True):
        locked = _lock(appointment_type)
        if locked.workflow is not None:
            return
        _store(locked, compile_workflow(locked))
        record(
            account=locked.account,
            kind="appointment_type.workflow_mode_started",
            subject=locked.public_id,
            now=now,
            actor=actor,
        )


def save_workflow(
    *, appointment_type: AppointmentType, workflow: Workflow, revision: str, actor: str, now: datetime
) -> None:
    """
    Store what was edited. revision: of the type as the editor saw it.

    Of two who save at once, the second gets ChangedMeanwhile. Raises NotUsable. Saving what is stored changes nothing.
    """
    problems = find_problems(workflow)
    if problems:
        raise NotUsable(problems)
    with transaction.atomic(durable=True):
        locked = _lock(appointment_type)
        _check_revision(locked, revision)
        before = workflow_of(locked)
        if locked.workflow is not None and before == workflow:
            return
        _store(locked, workflow)
        record(
            account=locked.account,
            kind="appointment_type.workflow_changed",
            subject=locked.public_id,
            now=now,
            actor=actor,
            changes=_changes(before, workflow),
        )


def end_workflow_mode(*, appointment_type: AppointmentType, revision: str, actor: str, now: datetime) -> None:
    """
    Let the settings say again what follows; what was edited is kept in the audit trail alone.

    Raises ChangedMeanwhile: nobody agrees to lose what they have not seen. Twice is once.
    """
    with transaction.atomic(durable=True):
        locked = _lock(appointment_type)
        if locked.workflow is None:
            return
        _check_revision(locked, revision)
        before = workflow_of(locked)
        _store(locked, None)
        record(
            account=locked.account,
            kind="appointment_type.workflow_mode_ended",
            subject=locked.public_id,
            now=now,
            actor=actor,
            changes=_changes(before, compile_workflow(locked)),
        )


def differences(first: Workflow, second: Workflow) -> list[Difference]:
    """Return the branches that are not the same in both, in the words of screens."""
    one, other = say_lines(first), say_lines(second)
    found = []
    for branch in dict.fromkeys([*one, *other]):
        ours, theirs = one.get(branch, []), other.get(branch, [])
        if ours != theirs:
            found.append(Difference(branch, _without(ours, theirs), _without(theirs, ours)))
    return found


def _without(lines: list[str], others: list[str]) -> list[str]:
    left = list(others)
    kept = []
    for line in lines:
        if line in left:
            left.remove(line)
        else:
            kept.append(line)
    return kept


def _changes(before: Workflow, after: Workflow) -> Changes:
    with plain_words():
        one, other = say_lines(before), say_lines(after)
    branches = [branch for branch in dict.fromkeys([*one, *other]) if one.get(branch) != other.get(branch)]
    changes: Mapping[str, tuple[list[str] | None, list[str] | None]] = {
        branch: (one.get(branch), other.get(branch)) for branch in branches
    }
    return dict(changes)


def _lock(appointment_type: AppointmentType) -> AppointmentType:
    return AppointmentType.objects.select_for_update().select_related("account").get(pk=appointment_type.pk)


def _check_revision(locked: AppointmentType, revision: str) -> None:
    if revision_of(locked) == revision:
        return
    last = Event.objects.filter(subject=locked.public_id, kind__in=_KINDS).order_by("-id").first()
    raise ChangedMeanwhile(last.actor if last else "", last.created_at if last else None)


def _store(locked: AppointmentType, workflow: Workflow | None) -> None:
    locked.workflow = workflow.model_dump(mode="json") if workflow else None
    locked.save(update_fields=["workflow", "updated_at"])
