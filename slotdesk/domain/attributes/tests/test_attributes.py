"""Fields of the account's own: how they are defined, and what can be filled into them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from slotdesk.domain.attributes.models import Attribute, AttributeValue
from slotdesk.domain.attributes.operations import (
    BadChoices,
    BadKey,
    BadValues,
    Fixed,
    KeyTaken,
    archive_attribute,
    fill_in_person,
    fill_in_request,
    restore_attribute,
    save_attribute,
)
from slotdesk.domain.attributes.queries import list_attributes, list_filled, narrow_requests, template_values
from slotdesk.domain.attributes.values import BadValue, canonical
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.persons import get_person
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type
from tests.support.members import make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(transactional_db: None) -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


def define(account: Account, key: str = "site", **fields: Any) -> Attribute:
    """An attribute of requests, a text unless said."""
    attribute = Attribute(account=account, key=key, **({"subject": "request", "kind": "text", "name": "Site"} | fields))
    save_attribute(attribute=attribute, actor="Alex", now=NOW)
    return attribute


def ask(account: Account) -> SchedulingRequest:
    return make_request(make_type(account), [make_agent(account)])


def fill(request: SchedulingRequest, **values: str) -> None:
    fill_in_request(request=request, values=values, actor="Jordan Doe", now=NOW)


class TestDefining:
    def test_is_told_with_what_it_is(self, account: Account) -> None:
        attribute = define(account, "skill_level", kind="choice", choices=["Junior", "Senior"], name="Skill level")

        event = Event.objects.get(kind="attribute.created")
        assert (event.subject, event.actor) == (attribute.public_id, "Alex")
        assert event.changes["choices"] == [None, ["Junior", "Senior"]]

    @pytest.mark.parametrize("key", ["", "Site", "1st", "site-code", "site__code", "site_", "size", "first", "last"])
    def test_refuses_a_key_that_templates_could_not_name(self, account: Account, key: str) -> None:
        with pytest.raises(BadKey):
            define(account, key)

    def test_refuses_a_key_that_is_there_also_for_something_else_or_in_the_archive(self, account: Account) -> None:
        archive_attribute(attribute=define(account), actor="Alex", now=NOW)

        with pytest.raises(KeyTaken):
            define(account, subject="person")

    def test_lets_another_account_use_the_same_key(self, account: Account) -> None:
        define(account)
        other = make_account("Another MSP")

        with active(other):
            define(other)
            assert list_attributes().count() == 1

    @pytest.mark.parametrize("choices", [[], ["a", " "], ["a", "b", "a"], [str(number) for number in range(51)]])
    def test_refuses_choices_among_which_nobody_could_choose(self, account: Account, choices: list[str]) -> None:
        with pytest.raises(BadChoices):
            define(account, kind="choice", choices=choices)

    def test_refuses_choices_of_what_is_no_choice(self, account: Account) -> None:
        with pytest.raises(BadChoices):
            define(account, choices=["a"])

    @pytest.mark.parametrize(("field", "value"), [("key", "place"), ("kind", "number"), ("subject", "person")])
    def test_leaves_key_kind_and_subject_as_they_were_made(self, account: Account, field: str, value: str) -> None:
        attribute = define(account)
        setattr(attribute, field, value)

        with pytest.raises(Fixed):
            save_attribute(attribute=attribute, actor="Alex", now=NOW)

    def test_tells_an_edit_once_and_no_edit_not_at_all(self, account: Account) -> None:
        attribute = define(account)
        save_attribute(attribute=attribute, actor="Alex", now=NOW)
        attribute.name = "Place"
        save_attribute(attribute=attribute, actor="Alex", now=NOW)

        assert [event.changes for event in Event.objects.filter(kind="attribute.changed")] == [
            {"name": ["Site", "Place"]}
        ]


class TestTheArchive:
    def test_keeps_what_was_filled_in_and_asks_for_no_more(self, account: Account) -> None:
        attribute, request = define(account), ask(account)
        fill(request, site="Denver")

        archive_attribute(attribute=attribute, actor="Alex", now=NOW)
        archive_attribute(attribute=attribute, actor="Alex", now=NOW)

        assert not list_attributes().exists()
        assert [filled.value for filled in list_filled(request)] == ["Denver"]
        assert template_values(request) == {"site": "Denver"}
        with pytest.raises(BadValues):
            fill(request, site="Boulder")
        assert Event.objects.filter(kind="attribute.archived").count() == 1

    def test_is_left_again(self, account: Account) -> None:
        attribute = define(account)
        archive_attribute(attribute=attribute, actor="Alex", now=NOW)
        restore_attribute(attribute=attribute, actor="Alex", now=NOW)
        restore_attribute(attribute=attribute, actor="Alex", now=NOW)

        assert list_attributes().get() == attribute
        assert Event.objects.filter(kind="attribute.restored").count() == 1


class TestValues:
    @pytest.mark.parametrize(
        ("kind", "entered", "stored"),
        [
            ("text", "  Denver  ", "Denver"),
            ("number", "1.50", "1.5"),
            ("number", "1e3", "1000"),
            ("number", "-0", "0"),
            ("number", "007", "7"),
            ("date", "2028-02-29", "2028-02-29"),
            ("choice", "b", "b"),
            ("checkbox", "yes", "yes"),
            ("number", " ", ""),
        ],
    )
    def test_have_one_way_to_be_written(self, kind: str, entered: str, stored: str) -> None:
        assert canonical(Attribute(kind=kind, choices=["a", "b"]), entered) == stored

    @pytest.mark.parametrize(
        ("kind", "entered"),
        [
            ("text", "x" * 501),
            ("text", "a\x00b"),
            ("number", "twelve"),
            ("number", "NaN"),
            ("number", "Infinity"),
            ("number", "1e999999999"),
            ("number", "1" * 19),
            ("number", "0." + "1" * 30),
            ("number", "١٢"),
            ("number", "1,5"),
            ("date", "2027-02-29"),
            ("date", "31.5.2027"),
            ("choice", "c"),
            ("checkbox", "on"),
        ],
    )
    def test_that_cannot_be_are_refused_in_words(self, kind: str, entered: str) -> None:
        with pytest.raises(BadValue, match=r"\w+.*\."):
            canonical(Attribute(kind=kind, choices=["a", "b"]), entered)


class TestFillingInARequest:
    def test_is_told_with_before_and_after(self, account: Account) -> None:
        define(account)
        request = ask(account)
        fill(request, site="Denver")
        fill(request, site="Denver")
        fill(request, site="")

        events = Event.objects.filter(kind="request.attributes_changed").order_by("pk")
        assert [event.changes for event in events] == [{"site": ["", "Denver"]}, {"site": ["Denver", ""]}]
        assert not AttributeValue.objects.exists()

    def test_stores_all_or_nothing_and_names_what_is_wrong(self, account: Account) -> None:
        define(account)
        define(account, "visits", kind="number")
        request = ask(account)

        with pytest.raises(BadValues) as refused:
            fill(request, site="Denver", visits="many", nothing="x")

        assert set(refused.value.problems) == {"visits", "nothing"}
        assert not AttributeValue.objects.exists()

    def test_leaves_a_choice_that_is_not_offered_any_more(self, account: Account) -> None:
        attribute, request = define(account, kind="choice", choices=["a", "b"]), ask(account)
        fill(request, site="a")
        attribute.choices = ["b"]
        save_attribute(attribute=attribute, actor="Alex", now=NOW)

        fill(request, site="a")

        assert list_filled(request)[0].value == "a"

    def test_gives_templates_every_key_and_true_or_false_for_a_box(self, account: Account) -> None:
        define(account)
        define(account, "billable", kind="checkbox")
        define(account, "skill", subject="person")
        request = ask(account)
        assert template_values(request) == {"site": "", "billable": False}

        fill(request, billable="yes")

        assert template_values(request) == {"site": "", "billable": True}


class TestFindingRequests:
    def test_goes_by_part_of_a_text_and_the_whole_of_the_others(self, account: Account) -> None:
        site = define(account)
        visits, billable = define(account, "visits", kind="number"), define(account, "billable", kind="checkbox")
        one, other = ask(account), ask(account)
        fill(one, site="Denver West", visits="10", billable="yes")
        fill(other, site="Boulder", visits="1")

        def found(attribute: Attribute, value: str) -> set[int]:
            return set(narrow_requests(SchedulingRequest.objects.all(), attribute, value).values_list("pk", flat=True))

        assert found(site, "west") == {one.pk}
        assert found(visits, "1") == {other.pk}
        assert found(billable, "yes") == {one.pk}
        assert found(billable, "no") == {other.pk}


class TestFillingInAPerson:
    def test_goes_on_where_a_member_becomes_an_agent(self, account: Account) -> None:
        define(account, subject="person")
        member = make_member(account, "user")
        fill_in_person(person=get_person(member.public_id), values={"site": "Denver"}, actor="Alex", now=NOW)
        agent = make_agent(account)
        Agent.objects.filter(pk=agent.pk).update(membership=member)

        assert [filled.value for filled in list_filled(get_person(agent.public_id))] == ["Denver"]
        fill_in_person(person=get_person(agent.public_id), values={"site": "Boulder"}, actor="Alex", now=NOW)

        assert [filled.value for filled in list_filled(get_person(agent.public_id))] == ["Boulder"]
        assert AttributeValue.objects.get().agent == agent
        event = Event.objects.filter(kind="member.attributes_changed").latest("pk")
        assert (event.subject, event.changes) == (agent.public_id, {"site": ["Denver", "Boulder"]})
