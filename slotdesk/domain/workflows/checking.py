"""What speaks against a workflow, said before it is saved: which branch, which step, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import pgettext

from slotdesk.domain.catalog.workflow import TIMED, Branch, Condition, Operator, Step, Trigger, Workflow
from slotdesk.domain.connections.setting_words import title_of
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.queries import find_template
from slotdesk.domain.workflows.actions import ACTIONS, WAIT, Action
from slotdesk.domain.workflows.advance import is_put_off
from slotdesk.domain.workflows.conditions import OPERATORS, WITHOUT_VALUES, UnknownField, get_field
from slotdesk.domain.workflows.picks import KEPT, list_choices, list_statuses
from slotdesk.domain.workflows.words import say_branch, say_step

MOST_BRANCHES = 40
MOST_STEPS = 40
_BEFORE_BOOKING = (Trigger.UNANSWERED, Trigger.REQUEST_CANCELLED, Trigger.CLOSED, Trigger.READDRESSED)


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing to mend.

    branch   its place, from 0; -1 = the workflow as a whole
    step     its key, "" = the branch itself
    field    of the step's settings, "" = none in particular
    where    branch and step as people call them
    """

    branch: int
    step: str
    field: str
    where: str
    text: str


def find_problems(workflow: Workflow) -> list[Problem]:
    """Return what would keep the workflow from doing what it says, in its order."""
    return list(_problems(workflow))


def _problems(workflow: Workflow) -> Iterator[Problem]:
    if len(workflow.branches) > MOST_BRANCHES:
        yield Problem(
            -1,
            "",
            "",
            pgettext("staff", "The workflow"),
            pgettext("staff", "can have %(most)s branches at most; put some together.") % {"most": MOST_BRANCHES},
        )
    counted = Counter(step.key for branch in workflow.branches for step in branch.steps)
    for number, branch in enumerate(workflow.branches):
        for field, text in _of_branch(branch):
            yield Problem(number, "", field, say_branch(branch), text)
        for step in branch.steps:
            where = f"{say_branch(branch)} → {say_step(step.action, step.settings)}"
            if counted[step.key] > 1:
                yield Problem(
                    number,
                    step.key,
                    "",
                    where,
                    pgettext("staff", "has the key %(key)s of another step; remove one of them.") % {"key": step.key},
                )
            for field, text in _of_step(branch, step):
                yield Problem(number, step.key, field, where, text)


def _of_branch(branch: Branch) -> Iterator[tuple[str, str]]:
    if branch.trigger in TIMED and branch.minutes == 0:
        yield "amount", pgettext("staff", "needs a length of time of at least a minute.")
    if not branch.steps:
        yield "", pgettext("staff", "has no steps; add one or remove the branch.")
    if len(branch.steps) > MOST_STEPS:
        yield "", pgettext("staff", "can have %(most)s steps at most.") % {"most": MOST_STEPS}
    if branch.steps and ACTIONS.get(branch.steps[-1].action) is WAIT:
        yield "", pgettext("staff", "ends with a wait that nothing follows; add a step after it or remove it.")
    yield from _of_conditions(branch.when)


def _of_step(branch: Branch, step: Step) -> Iterator[tuple[str, str]]:
    action = ACTIONS.get(step.action)
    if action is None:
        yield "", pgettext("staff", "is something that Slotdesk does not know; remove it.")
        return
    faults = action.faults(step.settings)
    yield from faults
    if not faults:
        yield from _of_template(step)
        yield from _of_picks(action, step)
    if action.needs_person and _is_before_booking(branch, step, action):
        yield (
            "",
            pgettext(
                "staff",
                "needs to know who takes the appointment, which nobody does here; move it to where one is booked.",
            ),
        )
    yield from _of_conditions(step.when)


def _is_before_booking(branch: Branch, step: Step, action: Action) -> bool:
    if is_put_off(branch, action):  # until somebody has booked; but what follows a wait ends with the booking
        return any(ACTIONS.get(each.action) is WAIT for each in branch.steps[: branch.steps.index(step)])
    return branch.trigger in _BEFORE_BOOKING


def _of_template(step: Step) -> Iterator[tuple[str, str]]:
    wanted = step.settings.get("own", "") if step.action == "send_email" else ""
    if not wanted:
        return
    template = find_template(str(wanted))
    if template is None:
        yield "own", pgettext("staff", "Template: it was deleted; choose another one.")
    elif template.kind != Kind(step.settings["template"]):
        yield (
            "own",
            pgettext("staff", "Template: “%(name)s” is for another kind of e-mail; choose one of this kind.")
            % {"name": template.name},
        )


def _of_picks(action: Action, step: Step) -> Iterator[tuple[str, str]]:
    """What was chosen of the PSA's and is gone, as far as we know without asking it."""
    for name, field in action.settings.model_fields.items():
        extra, value = field.json_schema_extra, step.settings.get(name)
        if not isinstance(extra, dict) or not value:
            continue
        if extra.get("pick") in KEPT:
            offered = list_choices(str(extra["pick"]))
            if offered is not None and value not in dict(offered):
                yield (
                    name,
                    pgettext("staff", "%(setting)s: it is not in the PSA any more; choose another one.")
                    % {"setting": title_of(name, field)},
                )
        elif extra.get("widget") == "statuses" and isinstance(value, dict):
            for board, board_name, statuses in list_statuses():
                if value.get(board) and value[board] not in dict(statuses):
                    yield (
                        name,
                        pgettext("staff", "%(setting)s: %(board)s does not have the chosen one any more.")
                        % {"setting": title_of(name, field), "board": board_name},
                    )


def _of_conditions(conditions: tuple[Condition, ...]) -> Iterator[tuple[str, str]]:
    for number, condition in enumerate(conditions):
        place = f"c{number}"
        try:
            field = get_field(condition.field)
        except UnknownField:
            yield place, pgettext("staff", "Condition %(number)s: choose what it asks about.") % {"number": number + 1}
            continue
        if condition.operator not in field.operators:
            yield (
                place,
                pgettext("staff", "Condition %(number)s: %(label)s cannot be asked with “%(operator)s”.")
                % {"number": number + 1, "label": field.label, "operator": OPERATORS[condition.operator]},
            )
        elif condition.operator not in WITHOUT_VALUES and not any(value.strip() for value in condition.values):
            yield (
                place,
                pgettext("staff", "Condition %(number)s: say what %(field)s is compared with.")
                % {"number": number + 1, "field": f"{str(field.label)[0].lower()}{str(field.label)[1:]}"},
            )
        elif condition.operator in (Operator.AT_LEAST, Operator.AT_MOST) and not _is_number(condition.values[0]):
            yield (
                place,
                pgettext("staff", "Condition %(number)s: “%(value)s” is not a number.")
                % {"number": number + 1, "value": condition.values[0]},
            )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
