"""Settings → Custom attributes, and filling them in on requests and users."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.attributes.queries import values_of
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.persons import get_person
from slotdesk.domain.tenants.models import Account
from tests.support.factories import make_agent, make_request
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
URL = "/app/settings/attributes/"
WHOLE = {"name": "Site code", "help_text": "As on the door.", "subject": "request", "kind": "text", "key": ""}

pytestmark = pytest.mark.django_db(transaction=True)


def make(account: Account, key: str = "site", **fields: Any) -> Attribute:
    defaults = {"subject": "request", "kind": "text", "name": key.capitalize()}
    return Attribute.objects.create(account=account, key=key, **(defaults | fields))


def fill_in_url(request: SchedulingRequest) -> str:
    return reverse("staff:request-attributes", args=[request.public_id])


class TestDefining:
    def test_makes_the_key_from_the_name(self, account: Account, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(f"{URL}new/", WHOLE)

        assert answer.status_code == 302
        attribute = Attribute.objects.get()
        assert (attribute.key, attribute.subject, attribute.kind) == ("site_code", "request", "text")
        assert Event.objects.get(kind="attribute.created").actor == "The administrator"

    def test_begins_with_a_text_of_requests(self, account: Account, sign_in: SignIn) -> None:
        form = sign_in("administrator").get(f"{URL}new/").context["form"]

        assert (form["subject"].value(), form["kind"].value()) == ("request", "text")

    @pytest.mark.parametrize(
        ("wrong", "field", "words"),
        [
            ({"name": ""}, "name", "This field is required"),
            ({"name": "Größe", "key": "größe"}, "key", "Small letters, digits"),
            ({"key": "first"}, "key", "which templates keep for themselves"),
            ({"key": "taken"}, "key", "Another attribute has this key"),
            ({"kind": "choice", "choices": " \n"}, "choices", "Enter at least one choice"),
            ({"kind": "choice", "choices": "a\nb\na"}, "choices", "is there twice"),
            ({"kind": "choice", "choices": "x" * 81}, "choices", "at most 80 characters"),
            ({"kind": "nothing"}, "kind", "not one of the available choices"),
        ],
    )
    def test_names_the_field_that_is_wrong_and_loses_nothing(
        self, account: Account, sign_in: SignIn, wrong: dict[str, str], field: str, words: str
    ) -> None:
        make(account, "taken")

        answer = sign_in("administrator").post(f"{URL}new/", WHOLE | wrong)

        assert answer.status_code == 422
        assert any(words in error for error in answer.context["form"].errors[field])
        assert "As on the door." in text_of(answer)
        assert Attribute.objects.count() == 1

    def test_edits_name_help_and_choices_and_nothing_else_however_it_is_posted(
        self, account: Account, sign_in: SignIn
    ) -> None:
        attribute = make(account, kind="choice", choices=["a"])
        posted = WHOLE | {"subject": "person", "kind": "number", "key": "other", "choices": "b\n\n a "}

        sign_in("administrator").post(f"{URL}{attribute.public_id}/", posted)

        attribute.refresh_from_db()
        assert (attribute.name, attribute.choices) == ("Site code", ["b", "a"])
        assert (attribute.subject, attribute.kind, attribute.key) == ("request", "choice", "site")

    def test_archives_and_brings_back(self, account: Account, sign_in: SignIn) -> None:
        attribute, browser = make(account), sign_in("administrator")
        browser.post(f"{URL}{attribute.public_id}/archive/")
        assert "Use again" in text_of(browser.get(URL))

        browser.post(f"{URL}{attribute.public_id}/restoration/")

        assert "Use again" not in text_of(browser.get(URL))

    @pytest.mark.parametrize("role", ["dispatcher", "user", "finance"])
    def test_is_for_whoever_may(self, account: Account, sign_in: SignIn, role: str) -> None:
        assert sign_in(role).get(URL).status_code == 403


class TestFillingInARequest:
    def test_stores_each_kind_and_shows_it(
        self, account: Account, sign_in: SignIn, request_: SchedulingRequest
    ) -> None:
        make(account, "site")
        make(account, "visits", kind="number")
        make(account, "day", kind="date")
        make(account, "floor", kind="choice", choices=["First", "Second"])
        make(account, "billable", kind="checkbox")
        browser = sign_in("dispatcher")
        entered = {"site": "Denver", "visits": "2.50", "day": "2027-05-31", "floor": "Second", "billable": "on"}

        answer = browser.post(fill_in_url(request_), {f"attribute-{key}": value for key, value in entered.items()})

        assert answer.status_code == 302
        page = text_of(browser.get(answer["Location"]))
        for name, value in [("Site", "Denver"), ("Visits", "2.5"), ("Day", "2027-05-31"), ("Floor", "Second")]:
            assert f"<dt>{name}</dt><dd>{value}</dd>" in page
        assert "<dt>Billable</dt><dd>Yes</dd>" in page
        assert "Custom attributes filled in" in page

    def test_says_what_is_wrong_beside_its_field_and_keeps_the_rest(
        self, account: Account, sign_in: SignIn, request_: SchedulingRequest
    ) -> None:
        make(account, "site")
        make(account, "visits", kind="number")

        answer = sign_in("dispatcher").post(
            fill_in_url(request_), {"attribute-site": "Denver", "attribute-visits": "many"}
        )

        assert answer.status_code == 422
        assert answer.context["form"].errors == {"visits": ["Enter a number, such as 12 or 1.5."]}
        assert 'value="Denver"' in text_of(answer)
        assert values_of(request_) == {}

    def test_takes_no_offence_at_a_key_named_like_the_forms_own(
        self, account: Account, sign_in: SignIn, request_: SchedulingRequest
    ) -> None:
        make(account, "csrfmiddlewaretoken")

        sign_in("dispatcher").post(fill_in_url(request_), {"attribute-csrfmiddlewaretoken": "Denver"})

        assert list(values_of(request_).values()) == ["Denver"]

    def test_is_for_those_who_may_see_the_request(
        self, account: Account, agent: Agent, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        make(account)

        assert signed_in(account, "user", agent=agent).get(fill_in_url(request_)).status_code == 200
        assert sign_in("user").get(fill_in_url(request_)).status_code == 404
        assert sign_in("finance").get(fill_in_url(request_)).status_code == 403

    def test_shows_names_and_values_as_they_were_typed(
        self, account: Account, sign_in: SignIn, request_: SchedulingRequest
    ) -> None:
        make(account, name="<b>Site</b>", help_text="<i>x</i>")
        browser = sign_in("administrator")
        browser.post(fill_in_url(request_), {"attribute-site": "<script>alert(1)</script>"})

        for url in (fill_in_url(request_), reverse("staff:request", args=[request_.public_id]), URL):
            page = text_of(browser.get(url))
            assert "<script>alert" not in page
            assert "<b>Site" not in page
            assert "<i>x" not in page


class TestTheListOfRequests:
    def test_is_narrowed_by_what_is_filled_in(
        self, account: Account, sign_in: SignIn, request_: SchedulingRequest, agent: Agent
    ) -> None:
        make(account, "site")
        make(account, "billable", kind="checkbox")
        make_request(request_.appointment_type, [agent], name="Bo Lund")
        browser = sign_in("administrator")
        browser.post(fill_in_url(request_), {"attribute-site": "Denver", "attribute-billable": "on"})

        def named(query: str) -> set[str]:
            page = text_of(browser.get(f"/app/requests/?{query}"))
            return {name for name in ("Ana Ruiz", "Bo Lund") if name in page}

        assert named("") == {"Ana Ruiz", "Bo Lund"}
        assert named("attribute-site=denv") == {"Ana Ruiz"}
        assert named("attribute-billable=yes") == {"Ana Ruiz"}
        assert named("attribute-billable=no") == {"Bo Lund"}

    def test_says_what_it_cannot_look_for(self, account: Account, sign_in: SignIn, request_: SchedulingRequest) -> None:
        make(account, "visits", kind="number")

        page = text_of(sign_in("administrator").get("/app/requests/?attribute-visits=many"))

        assert "Not narrowed by “Visits”: Enter a number" in page


class TestFillingInAUser:
    def test_stores_and_shows_it(self, account: Account, sign_in: SignIn) -> None:
        make(account, "level", subject="person", kind="choice", choices=["Junior", "Senior"])
        agent, browser = make_agent(account), sign_in("dispatcher")

        answer = browser.post(f"/app/users/{agent.public_id}/attributes/", {"attribute-level": "Senior"})

        assert "<dt>Level</dt><dd>Senior</dd>" in text_of(browser.get(answer["Location"]))
        assert list(values_of(get_person(agent.public_id)).values()) == ["Senior"]

    def test_is_for_whoever_may_edit_users(self, account: Account, sign_in: SignIn) -> None:
        url = f"/app/users/{make_agent(account).public_id}/attributes/"

        assert sign_in("user").get(url).status_code == 403
        assert "Nothing to fill in" in text_of(sign_in("dispatcher").get(url))
