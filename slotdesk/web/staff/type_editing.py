"""The editor's whole form: a type's settings with its lists, as stored, as entered, or as a button rearranges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from slotdesk.availability.terms import BadTerms
from slotdesk.domain.catalog.advice import Advice, list_advice
from slotdesk.domain.catalog.editing import MOST_QUESTIONS, list_resources
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.catalog.terms import freeze_terms
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.queries import list_templates
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.queries import list_schedulable_agents
from slotdesk.domain.people.team_queries import list_teams
from slotdesk.ports.psa import Named
from slotdesk.web.staff.company_choice import NoSuchCompany, name_company
from slotdesk.web.staff.type_form import LABEL_FIELDS, TEMPLATE_FIELDS, TypeForm
from slotdesk.web.staff.type_lists import (
    MOST_REMINDERS,
    QuestionForm,
    ReminderForm,
    question_values,
    split_length,
    with_templates,
)
from slotdesk.web.staff.type_rows import Rows
from slotdesk.web.staff.type_sections import Group, Section, sections


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with what stands in it."""

    group: Group
    fields: list[BoundField]
    rows: Rows[Any] | None


@dataclass(frozen=True, slots=True)
class ShownSection:
    section: Section
    groups: list[ShownGroup]
    has_errors: bool


def everybody() -> list[Agent | Team]:
    """Who can be asked at all."""
    return [*list_teams(), *list_schedulable_agents()]


class Editor:
    """The form of one type. Without data it shows what is stored."""

    def __init__(self, appointment_type: AppointmentType, data: QueryDict | None = None, command: str = "") -> None:
        """
        data      what was entered
        command   a button that only rearranges what is entered, see Rows.keep; without one the form is to be checked
        """
        self.type = appointment_type
        templates = list(list_templates(appointment_type.account))
        self._resources = list_resources(appointment_type)
        self.reminders = Rows(with_templates(Kind.REMINDER, templates), "reminders", MOST_REMINDERS)
        self.appointment_reminders = Rows(
            with_templates(Kind.APPOINTMENT_REMINDER, templates), "appointment_reminders", MOST_REMINDERS
        )
        self.questions = Rows(QuestionForm, "questions", MOST_QUESTIONS)
        more: dict[str, Any] = {
            "templates": templates,
            "candidates": everybody(),
            "resources": self._resources,
        }
        self.form = TypeForm(None if command else data, instance=appointment_type, **more)
        if data is None:
            self._fill()
        elif command:
            entered = {name: each.widget.value_from_datadict(data, {}, name) for name, each in self.form.fields.items()}
            self.form = TypeForm(instance=appointment_type, initial=entered, **more)
            for rows in self.lists:
                rows.keep(data, command)
        else:
            for rows in self.lists:
                rows.read(data)

    @property
    def lists(self) -> tuple[Rows[Any], ...]:
        return (self.reminders, self.appointment_reminders, self.questions)

    def is_valid(self) -> bool:
        """Check everything; the type then is as the form says, where nothing is wrong."""
        is_valid = all([self.form.is_valid(), *(rows.is_valid() for rows in self.lists)])
        for rows in (self.reminders, self.appointment_reminders):
            is_valid = _all_differ(rows) and is_valid
        self.type.reminders = _stored(self.reminders, "after_minutes")
        self.type.appointment_reminders = _stored(self.appointment_reminders, "before_minutes")
        return is_valid and self._is_consistent()

    def asked(self) -> list[Question]:
        """The questions, not stored; of a form that is being checked only those in order."""
        if not self.form.is_bound:
            return list(self.type.questions.order_by("position"))
        return [form.question() for form in self.questions.forms if form.is_valid()]

    def resources(self) -> list[Agent | Team]:
        return self.form.chosen_resources() if self.form.is_bound and self.form.is_valid() else self._resources

    def company(self) -> Named | None:
        """The chosen company for new contacts, as it stands in the form."""
        entered, known = str(self.form["catch_all_company_id"].value() or ""), self.form.company
        if known is not None and known.id == entered and known.name:
            return known
        try:
            return name_company(entered, known=self.form.company_stored)
        except NoSuchCompany:
            return Named(entered, "")

    def lock(self) -> None:
        """For those who may look and not change."""
        for each in self.form.fields.values():
            each.disabled = True
        for rows in self.lists:
            rows.disable()

    def shown(self) -> list[ShownSection]:
        return [self._shown(section) for section in sections(LABEL_FIELDS, TEMPLATE_FIELDS)]

    def advice(self) -> list[Advice]:
        return list_advice(self.type, self.resources())

    def section_of(self, field: str) -> str:
        """The key of the section in which a field, or a list, is set."""
        return next(each.key for each in sections(LABEL_FIELDS, TEMPLATE_FIELDS) if each.holds(field))

    def wrong(self) -> list[tuple[str, str, str]]:
        """What is wrong, for the summary: (id of the field, its section's key, its label)."""
        found = [(each.id_for_label, self.section_of(each.name), str(each.label)) for each in self.form if each.errors]
        for rows in self.lists:
            section = self.section_of(rows.prefix)
            for number, row in enumerate(rows.rows, start=1):
                name = f"{_ROW_NAMES[rows.prefix]} {number}"
                found += [(f.id_for_label, section, f"{name}: {f.label}") for f in row.form if f.errors]
        return found

    def _fill(self) -> None:
        stored = self.type
        self.reminders.fill(
            [split_length(each["after_minutes"]) | {"template": each["template"]} for each in stored.reminders]
        )
        self.appointment_reminders.fill(
            [
                split_length(each["before_minutes"]) | {"template": each["template"]}
                for each in stored.appointment_reminders
            ]
        )
        self.questions.fill([question_values(each) for each in stored.questions.order_by("position")])

    def _is_consistent(self) -> bool:
        try:
            freeze_terms(self.type, questions=self.asked())
        except BadTerms as error:
            field, _, reason = str(error).partition(": ")
            self.form.add_error(field if field in self.form.fields else None, reason or str(error))
            return False
        return True

    def _shown(self, section: Section) -> ShownSection:
        by_prefix = {rows.prefix: rows for rows in self.lists}
        groups = [
            ShownGroup(group, [self.form[name] for name in group.fields], by_prefix.get(group.rows))
            for group in section.groups
        ]
        has_errors = any(
            any(field.errors for field in each.fields) or (each.rows is not None and each.rows.has_errors)
            for each in groups
        )
        return ShownSection(section, groups, has_errors)


_ROW_NAMES = {
    "reminders": gettext_lazy("Reminder"),
    "appointment_reminders": gettext_lazy("Appointment reminder"),
    "questions": gettext_lazy("Question"),
}


def _all_differ(rows: Rows[ReminderForm]) -> bool:
    seen: set[int] = set()
    for form in rows.forms:
        if not form.is_valid():
            continue
        if form.minutes in seen:
            form.add_error("amount", gettext("There is one at this time already."))
            return False
        seen.add(form.minutes)
    return True


def _stored(rows: Rows[ReminderForm], name: str) -> list[dict[str, Any]]:
    valid = [form for form in rows.forms if form.is_bound and form.is_valid()]
    stored = [{name: form.minutes, "template": form.cleaned_data["template"]} for form in valid]
    return sorted(stored, key=lambda each: each[name])
