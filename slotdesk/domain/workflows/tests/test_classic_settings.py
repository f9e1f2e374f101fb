"""Every setting of an appointment type: the one thing that it changes in the workflow, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import BooleanField, DurationField, Field, JSONField, PositiveSmallIntegerField

from slotdesk.domain.catalog.classic import compile_workflow
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import BY_SHAREABLE, Step, Trigger, Workflow
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.words import say_lines
from tests.support.factories import make_account, make_type

pytestmark = pytest.mark.django_db

_TO_CLIENTS_AND_GUESTS = [
    "A request is made: Invitation to the client, if the client was sent an invitation: yes",
    "An appointment is booked: Confirmation to the client",
    "An appointment is booked: Guests: invited",
    "An appointment is cancelled: Cancellation to the client",
    "An appointment is cancelled: Guests: cancelled",
    "An appointment is handed over: New technician to the client",
    "An appointment is handed over: Guests: changed",
    "An appointment is moved: New time to the client",
    "An appointment is moved: Guests: changed",
    "The client’s address is corrected: Invitation to the client, if the client was sent an invitation: yes",
    "Your people name guests: Guests: invited",
]
_NO_RESPONSE = "2 days after the request, if nobody has booked, if the client was sent an invitation: yes: "
_BASE = {"no_response_amount": 2}
# Setting → what it is changed to, and what the workflow then does no more and does instead.
SAYS_WHAT_FOLLOWS: dict[str, tuple[Any, list[str], list[str]]] = {
    "reminders": (
        [{"after_minutes": 1440, "template": ""}],
        [],
        [
            "1 day after the request, if nobody has booked, if the client was sent an invitation: yes: "
            "Reminder to the client"
        ],
    ),
    "appointment_reminders": (
        [{"before_minutes": 60, "template": ""}],
        [],
        ["1 hour before the appointment: Appointment reminder to the client"],
    ),
    "no_response_amount": (
        0,
        [f"{_NO_RESPONSE}Ticket status: no response"],
        [],
    ),
    "no_response_unit": (
        "hours",
        [f"{_NO_RESPONSE}Ticket status: no response"],
        [f"{_NO_RESPONSE.replace('days', 'hours')}Ticket status: no response"],
    ),
    "no_response_closes": (True, [], [f"{_NO_RESPONSE}Close the request"]),
    "ends_with_ticket": (
        True,
        [],
        [
            "The ticket is closed in the PSA: Cancel the appointment",
            "The ticket is closed in the PSA: Close the request",
        ],
    ),
    "templates": (
        {"confirmation": "tmpl_ours"},
        ["An appointment is booked: Confirmation to the client"],
        ["An appointment is booked: Confirmation to the client, by the template one that was deleted"],
    ),
    "is_silent": (True, _TO_CLIENTS_AND_GUESTS, []),
}
# Setting of shareable links → what those links make, the action that is told of it, and what it calls it.
TOLD_TO_AN_ACTION: dict[str, tuple[str, str, str]] = {
    "new_contacts": ("ticket", "create_or_match_contact", "new_contacts"),
    "company_type_id": ("ticket", "create_or_match_contact", "company_type_id"),
    "company_status_id": ("activity", "create_or_match_contact", "company_status_id"),
    "catch_all_company_id": ("activity", "create_or_match_contact", "catch_all_company_id"),
    "board_id": ("ticket", "create_ticket", "board_id"),
    "ticket_type_id": ("ticket", "create_ticket", "type_id"),
    "priority_id": ("ticket", "create_ticket", "priority_id"),
    "ticket_summary": ("ticket", "create_ticket", "summary"),
    "activity_type_id": ("activity", "create_activity", "activity_type_id"),
}
# These say which times are offered, what the client is asked and reads, and how an action goes about it: a request
# keeps them as its terms, and the steps stay the same.
SAYS_NOTHING_OF_STEPS = {
    *(
        "internal_name",
        "external_name",
        "slug",
        "description",
        "place",
        "phone_rule",
        "labels",
        "position",
        "translations",
    ),
    *("duration", "increment", "buffer_before", "buffer_after", "keeps_buffers_in_hours", "writes_buffers"),
    *("notice_amount", "notice_unit", "window_amount", "window_unit", "daily_maximum", "moved_to"),
    *("clients_may_change", "change_notice_amount", "change_notice_unit"),
    *("meeting", "meeting_url", "asks_note", "asks_guests", "is_archived"),
    *("checks_email", "redirect_url", "catch_all_company_name"),
}
_NO_SETTINGS = {"id", "public_id", "account", "workflow", "created_at", "updated_at"}


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


def lines(workflow: Workflow) -> list[str]:
    said = []
    for branch, steps in say_lines(workflow).items():
        for step in steps:
            name, _, details = step.partition(" (")
            own = details.partition("Template: ")[2].rstrip(")").partition(";")[0]
            said.append(f"{branch}: {name}" + (f", by the template {own}" if own else ""))
    return said


def without(some: list[str], others: list[str]) -> list[str]:
    return sorted(line for line in some if line not in others)


def another(field: Field[Any, Any]) -> Any:
    """A value that the setting does not have from the beginning."""
    if field.choices:
        return next(value for value, _label in field.choices if value != field.get_default())
    match field:
        case BooleanField():
            return not field.get_default()
        case PositiveSmallIntegerField():
            return field.get_default() + 5
        case DurationField():
            return field.get_default() + timedelta(minutes=15)
        case JSONField():
            return {"name": "Your name"}
    return "https://other.example/x"


class TestEverySetting:
    def test_says_what_follows_or_nothing_of_it(self) -> None:
        settings = {field.name for field in AppointmentType._meta.fields} - _NO_SETTINGS

        tables = [set(SAYS_WHAT_FOLLOWS), {"shareable"}, set(TOLD_TO_AN_ACTION), SAYS_NOTHING_OF_STEPS]
        assert settings == set().union(*tables)
        assert len(settings) == sum(len(table) for table in tables)

    @pytest.mark.parametrize("name", SAYS_WHAT_FOLLOWS)
    def test_changes_its_own_steps_and_no_others(self, account: Account, name: str) -> None:
        value, gone, new = SAYS_WHAT_FOLLOWS[name]
        before = lines(compile_workflow(make_type(account, **_BASE)))

        after = lines(compile_workflow(make_type(account, **(_BASE | {name: value}))))

        assert (without(before, after), without(after, before)) == (sorted(gone), sorted(new))

    @pytest.mark.parametrize("name", sorted(SAYS_NOTHING_OF_STEPS))
    def test_of_the_others_leaves_every_step_as_it_is(self, account: Account, name: str) -> None:
        field = AppointmentType._meta.get_field(name)
        assert isinstance(field, Field)
        everything = {key: value for key, (value, _gone, _new) in SAYS_WHAT_FOLLOWS.items() if key != "is_silent"}
        made = make_type(account, **(everything | _BASE))
        before = compile_workflow(made)

        setattr(made, name, another(field))

        assert compile_workflow(made) == before


class TestShareableLinks:
    @pytest.mark.parametrize(("makes", "action"), [("ticket", "create_ticket"), ("activity", "create_activity")])
    def test_find_out_who_books_and_then_make_what_is_chosen(self, account: Account, makes: str, action: str) -> None:
        without_links, with_links = make_type(account), make_type(account, shareable=makes)

        before, after = booked_steps(without_links), booked_steps(with_links)

        assert [step.action for step in after] == ["create_or_match_contact", action, *(step.action for step in before)]
        assert {each.when for each in after[:2]} == {(BY_SHAREABLE,)}

    @pytest.mark.parametrize("name", TOLD_TO_AN_ACTION)
    def test_tell_the_action_what_it_is_to_use(self, account: Account, name: str) -> None:
        makes, action, called = TOLD_TO_AN_ACTION[name]
        value = "catch_all" if name == "new_contacts" else "17"
        before = booked_steps(make_type(account, shareable=makes))

        after = booked_steps(make_type(account, **{"shareable": makes, name: value}))

        changed = [each for each, old in zip(after, before, strict=True) if each != old]
        assert [(each.action, each.settings[called]) for each in changed] == [(action, value)]

    @pytest.mark.parametrize("name", TOLD_TO_AN_ACTION)
    def test_that_are_off_leave_every_step_as_it_is(self, account: Account, name: str) -> None:
        value = "catch_all" if name == "new_contacts" else "17"

        assert compile_workflow(make_type(account, **{name: value})) == compile_workflow(make_type(account))


def booked_steps(made: AppointmentType) -> list[Step]:
    (branch,) = compile_workflow(made).branches_for(Trigger.BOOKED)
    return list(branch.steps)
