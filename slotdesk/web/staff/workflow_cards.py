"""The workflow as cards: each step with its settings as form fields, made from what its action declares."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.translation import gettext
from pydantic import BaseModel

from slotdesk.availability.terms import Unit
from slotdesk.domain.catalog.models import UNIT_WORDS
from slotdesk.domain.catalog.workflow import TIMED, Operator, Trigger, Workflow
from slotdesk.domain.connections.setting_words import hint_of, title_of
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.checking import Problem
from slotdesk.domain.workflows.conditions import (
    FAMILIES,
    FIELDS,
    OPERATORS,
    WITHOUT_VALUES,
    ConditionField,
    UnknownField,
    describe,
    get_field,
)
from slotdesk.domain.workflows.picks import Choices, list_choices, list_own_templates, list_statuses
from slotdesk.domain.workflows.told import choices_of
from slotdesk.domain.workflows.words import TRIGGERS, say_branch, say_step
from slotdesk.web.staff.company_choice import CompanyChoice
from slotdesk.web.staff.step_icons import icon_of
from slotdesk.web.staff.workflow_companies import WIDGET, Companies
from slotdesk.web.staff.workflow_draft import UNITS, split_minutes, widget_of


@dataclass(frozen=True, slots=True)
class Input:
    """
    One form field.

    widget    text | number | long | select | checkbox | secret | company
    options   of a select: (value, label)
    company   of a company: what can be chosen
    """

    name: str
    label: str
    hint: str
    widget: str
    value: Any
    options: Choices = field(default_factory=list)
    error: str = ""
    takes_variables: bool = False
    company: CompanyChoice | None = None


@dataclass(frozen=True, slots=True)
class ConditionCard:
    number: int
    name: str
    words: str
    field: str
    key: str
    takes_key: bool
    operator: str
    operators: list[tuple[str, str]]
    values: str
    choices: Choices
    takes_values: bool
    error: str


@dataclass(frozen=True, slots=True)
class StepCard:
    key: str
    action: str
    title: str
    icon: str
    said: list[tuple[str, str]]
    inputs: list[Input]
    conditions: list[ConditionCard]
    errors: list[str]
    is_open: bool
    is_first: bool
    is_last: bool
    description: str


@dataclass(frozen=True, slots=True)
class BranchCard:
    number: int
    trigger: str
    title: str
    is_timed: bool
    amount: int
    unit: str
    conditions: list[ConditionCard]
    steps: list[StepCard]
    errors: list[str]
    is_first: bool
    is_last: bool


class Cards:
    """Makes cards of a workflow; what can be chosen is read once for all of them."""

    def __init__(
        self, account: Account, companies: Companies, problems: Iterable[Problem] = (), open_key: str = ""
    ) -> None:
        self._account = account
        self._companies = companies
        self._problems = list(problems)
        self._open = open_key

    def of(self, workflow: Workflow) -> list[BranchCard]:
        last = len(workflow.branches) - 1
        cards = []
        for number, branch in enumerate(workflow.branches):
            amount, unit = split_minutes(branch.minutes)
            found = [problem for problem in self._problems if problem.branch == number]
            cards.append(
                BranchCard(
                    number=number,
                    trigger=branch.trigger.value,
                    title=say_branch(branch),
                    is_timed=branch.trigger in TIMED,
                    amount=amount,
                    unit=unit,
                    conditions=self._conditions(branch.when, f"b{number}", _by_field(found, "")),
                    steps=[
                        self._step(step, found, place == 0, place == len(branch.steps) - 1)
                        for place, step in enumerate(branch.steps)
                    ],
                    errors=[problem.text for problem in found if not problem.step],
                    is_first=number == 0,
                    is_last=number == last,
                )
            )
        return cards

    def _step(self, step: Any, problems: list[Problem], is_first: bool, is_last: bool) -> StepCard:
        errors = _by_field(problems, step.key)
        action = ACTIONS.get(step.action)
        model = action.settings if action else None
        inputs = list(self._inputs(model, step.key, step.settings, errors)) if model else []
        return StepCard(
            key=step.key,
            action=step.action,
            title=say_step(step.action, step.settings),
            icon=icon_of(step.action),
            said=self._companies.say(step.action, step.settings),
            inputs=inputs,
            conditions=self._conditions(step.when, f"s-{step.key}", errors),
            errors=[problem.text for problem in problems if problem.step == step.key],
            is_open=self._open == step.key or bool(errors) or self._companies.field in {each.name for each in inputs},
            is_first=is_first,
            is_last=is_last,
            description=str(action.label) if action else step.action,
        )

    def _inputs(
        self, model: type[BaseModel], key: str, settings: Mapping[str, Any], errors: Mapping[str, str]
    ) -> Iterable[Input]:
        for name, declared in model.model_fields.items():
            widget = widget_of(model, name)
            label, hint = title_of(name, declared), hint_of(declared)
            value = settings.get(name, "" if declared.is_required() else declared.get_default())
            if widget == "statuses":
                chosen = value if isinstance(value, dict) else {}
                for board, board_name, statuses in self._statuses:
                    yield Input(
                        f"s-{key}-{name}:{board}",
                        f"{label}: {board_name}",
                        hint,
                        "select",
                        chosen.get(board, ""),
                        _with([("", gettext("That of the moment")), *statuses], chosen.get(board, "")),
                        errors.get(name, ""),
                    )
                continue
            yield self._input(f"s-{key}-{name}", label, hint, widget, value, declared.annotation, errors.get(name, ""))

    def _input(self, name: str, label: str, hint: str, widget: str, value: Any, annotation: Any, error: str) -> Input:
        value = value.value if isinstance(value, Enum) else value
        if widget == "secret":
            kept = gettext("One is stored; it stays as long as this is empty.") if value else ""
            return Input(name, label, f"{hint} {kept}".strip(), "secret", "", error=error)
        if widget == WIDGET and (company := self._companies.choice(name, str(value))):
            return Input(name, label, hint, "company", value, error=error, company=company)
        options = self._options(widget, annotation)
        if options is not None:
            return Input(name, label, hint, "select", str(value), _with(options, str(value)), error)
        if widget.startswith("pick"):
            hint = " ".join(part for part in (hint, gettext("Its id in the PSA.")) if part)
        if widget == "checkbox":
            return Input(name, label, hint, "checkbox", bool(value), error=error)
        kind = "long" if widget == "long liquid" else "number" if annotation is int else "text"
        return Input(name, label, hint, kind, value, error=error, takes_variables="liquid" in widget)

    def _options(self, widget: str, annotation: Any) -> Choices | None:
        if widget == "template":
            return [("", gettext("The built-in one")), *self._templates]
        if widget.startswith("pick "):
            offered = self._picked(widget.removeprefix("pick "))
            return None if offered is None else [("", "–"), *offered]
        return choices_of(annotation)

    @functools.cached_property
    def _templates(self) -> Choices:
        return list_own_templates(self._account)

    @functools.cached_property
    def _statuses(self) -> list[tuple[str, str, Choices]]:
        return list_statuses()

    def _picked(self, name: str) -> Choices | None:
        known = self.__dict__.setdefault("_picks", {})
        if name not in known:
            known[name] = list_choices(name)
        found: Choices | None = known[name]
        return found

    def _conditions(self, conditions: Iterable[Any], prefix: str, errors: Mapping[str, str]) -> list[ConditionCard]:
        cards = []
        for number, condition in enumerate(conditions):
            family, _, key = condition.field.partition(".")
            is_family = family in FAMILIES and condition.field not in FIELDS
            known = _known(condition.field)
            operators = known.operators if known else tuple(Operator)
            cards.append(
                ConditionCard(
                    number=number,
                    name=f"{prefix}-c{number}",
                    words=describe(condition),
                    field=family if is_family else condition.field,
                    key=("" if key == "_" else key) if is_family else "",
                    takes_key=is_family,
                    operator=condition.operator.value,
                    operators=[(each.value, str(OPERATORS[each])) for each in operators],
                    values=", ".join(condition.values),
                    choices=[(value, str(label)) for value, label in known.choices] if known else [],
                    takes_values=condition.operator not in WITHOUT_VALUES,
                    error=errors.get(f"c{number}", ""),
                )
            )
        return cards


def list_condition_fields() -> Choices:
    return [
        *((name, str(known.label)) for name, known in FIELDS.items()),
        *((name, label % {"key": "…"}) for name, (label, _read) in FAMILIES.items()),
    ]


def list_triggers() -> Choices:
    return [(trigger.value, str(label)) for trigger, label in TRIGGERS.items()]


def list_actions() -> Choices:
    return [(name, str(action.label)) for name, action in ACTIONS.items()]


def list_units() -> Choices:
    return [(unit, str(UNIT_WORDS[Unit(unit)])) for unit, _size in UNITS]


def triggers_of(workflow: Workflow) -> Choices:
    """Those that the workflow has branches for, in its order."""
    return [(trigger.value, str(TRIGGERS[trigger])) for trigger in dict.fromkeys(b.trigger for b in workflow.branches)]


def is_trigger(text: str) -> bool:
    return text in {trigger.value for trigger in Trigger}


def _known(name: str) -> ConditionField | None:
    try:
        return get_field(name)
    except UnknownField:
        return None


def _by_field(problems: Iterable[Problem], step: str) -> dict[str, str]:
    return {problem.field: problem.text for problem in problems if problem.step == step}


def _with(options: Choices, value: str) -> Choices:
    """What is stored and not offered any more is shown as it is, so that looking at a page changes nothing."""
    return (
        options
        if value in dict(options)
        else [*options, (value, gettext("%(value)s (not there any more)") % {"value": value} if value else "–")]
    )
