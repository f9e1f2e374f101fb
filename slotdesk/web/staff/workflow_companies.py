"""Steps of a workflow that name a company of the PSA: searched for as in the settings of a type, checked on saving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Step, Workflow
from slotdesk.domain.connections.setting_words import title_of
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.checking import Problem
from slotdesk.domain.workflows.told import say_settings
from slotdesk.domain.workflows.words import say_branch, say_step
from slotdesk.ports.psa import Named
from slotdesk.web.staff.company_choice import CompanyChoice, NoSuchCompany, look_for, name_company
from slotdesk.web.staff.workflow_draft import widget_of

# The verb of the button that searches; the field stands behind it.
FIND = "find-company"
_PICK = "companies"
WIDGET = f"pick {_PICK}"
# Stands behind a field's name, for the words that are looked for.
_WORDS = "-words"


@dataclass(frozen=True, slots=True)
class Companies:
    """
    What the fields for companies show.

    stored   the one that the type's own settings name, whose name is known without the PSA
    field    the one that a search was made for, "" = none; words: what for
    """

    stored: Named
    field: str = ""
    words: str = ""

    def choice(self, field: str, company_id: str) -> CompanyChoice | None:
        """What the field shows; None for an account without a PSA, where the number is typed."""
        return look_for(self._named(company_id), self.words if field == self.field else "")

    def say(self, action: str, settings: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What a step was told, see say_settings, with the names of companies where they are known."""
        names = {}
        for name in _fields_of(action):
            company = self._named(str(settings.get(name, "")))
            if company is not None and company.name:
                names[_label(action, name)] = company.name
        return [(title, names.get(title, value)) for title, value in say_settings(action, settings)]

    def _named(self, company_id: str) -> Named | None:
        try:
            return name_company(company_id, known=self.stored)
        except NoSuchCompany:
            return Named(company_id, "")


def companies_of(found: AppointmentType, op: str, posted: QueryDict) -> Companies:
    """op: the button that was pressed, with what it was pressed for."""
    verb, _, field = op.partition(":")
    searched = field if verb == FIND else ""
    stored = Named(found.catch_all_company_id, found.catch_all_company_name)
    return Companies(stored, searched, posted.get(f"{searched}{_WORDS}", "") if searched else "")


def list_lost(workflow: Workflow) -> list[Problem]:
    """Companies that the PSA does not have any more; it is asked, so not within a transaction."""
    return list(_lost(workflow))


def _lost(workflow: Workflow) -> Iterator[Problem]:
    for number, branch in enumerate(workflow.branches):
        for step in branch.steps:
            for field in _lost_of(step):
                where = f"{say_branch(branch)} → {say_step(step.action, step.settings)}"
                text = gettext("%(label)s: the PSA has no such company any more. Find another one.")
                text %= {"label": _label(step.action, field)}
                yield Problem(number, step.key, field, where, text)


def _lost_of(step: Step) -> Iterator[str]:
    for field in _fields_of(step.action):
        try:
            name_company(str(step.settings.get(field, "")), known=Named("", ""))
        except NoSuchCompany:
            yield field


def _label(action: str, field: str) -> str:
    return title_of(field, ACTIONS[action].settings.model_fields[field])


def _fields_of(action: str) -> list[str]:
    """The settings of the action that name a company."""
    if action not in ACTIONS:
        return []
    model = ACTIONS[action].settings
    return [name for name in model.model_fields if widget_of(model, name) == WIDGET]
