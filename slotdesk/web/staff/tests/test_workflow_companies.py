"""The company for all new contacts in Workflow Mode: found in the PSA by name, and checked on saving."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.catalog.classic import workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Connection
from slotdesk.web.staff import company_choice
from tests.support.factories import make_type
from tests.support.members import signed_in, text_of
from tests.support.psa import Desk, broken

SETTING = "catch_all_company_id"


@pytest.fixture
def company(desk: Desk) -> dict[str, Any]:
    """One of the PSA's."""
    return next(each for each in desk.sandbox.store.all("companies") if not each["deletedFlag"])


@pytest.fixture
def kind(desk: Desk) -> AppointmentType:
    return make_type(desk.account, slug="call", shareable="activity")


@pytest.fixture
def page(desk: Desk, kind: AppointmentType) -> Page:
    admin = signed_in(desk.account)
    admin.post(f"/app/types/{kind.public_id}/workflow/mode/", {"to": "workflow"})
    return Page(admin, kind)


class Page:
    """The page as a browser without scripts sees it, with the one step that finds or makes the contact."""

    def __init__(self, browser: Client, kind: AppointmentType) -> None:
        self.browser, self.kind = browser, kind
        self.url = f"/app/types/{kind.public_id}/workflow/"
        self.answer = browser.get(self.url)
        branches = json.loads(self.answer.context["document"])["branches"]
        keys = [step["key"] for each in branches for step in each["steps"]]
        (key,) = [key for key in keys if f'name="s-{key}-{SETTING}' in self.content]
        self.step, self.field = f"s-{key}-", f"s-{key}-{SETTING}"

    def press(self, op: str, **fields: str) -> Any:
        shown = self.answer.context
        form = {"document": shown["document"], "revision": shown["revision"], "op": op, f"{self.step}there": "1"}
        entered = {f"{self.step}{name}": value for name, value in fields.items()}
        answer = self.browser.post(self.url, form | {f"{self.step}new_contacts": "catch_all"} | entered)
        if answer.status_code != 302:
            self.answer = answer
        return answer

    def find(self, words: str, **fields: str) -> None:
        self.press(f"find-company:{self.field}", **{f"{SETTING}-words": words}, **fields)

    @property
    def content(self) -> str:
        return str(self.answer.content.decode())

    def stored(self) -> str:
        self.kind.refresh_from_db()
        steps = [step for branch in workflow_of(self.kind).branches for step in branch.steps]
        return next(str(step.settings.get(SETTING, "")) for step in steps if step.action == "create_or_match_contact")


class TestFinding:
    def test_shows_companies_with_all_of_the_words_and_keeps_what_was_chosen(
        self, page: Page, company: dict[str, Any]
    ) -> None:
        page.find(company["name"].lower())

        assert f'type="radio" name="{page.field}" value="{company["id"]}"' in page.content
        assert f'id="{page.field}-found" tabindex="-1" autofocus' in page.content

        page.find("zzzz", **{SETTING: str(company["id"])})

        assert f'name="{page.field}" value="{company["id"]}" checked' in page.content
        assert "No other company has all of these words" in page.content
        assert page.stored() == ""

    def test_says_that_the_psa_is_down(self, desk: Desk, page: Page) -> None:
        with broken(desk.sandbox, "down"):
            page.find("a")

        assert "does not answer" in page.content

    def test_types_the_number_where_no_psa_is_connected(self, desk: Desk, page: Page) -> None:
        Connection.objects.all().delete()

        content = page.browser.get(page.url).content.decode()

        assert f'name="{page.field}" type="text"' in content
        assert f"{page.field}-words" not in content


class TestSaving:
    def test_stores_the_company_and_shows_its_name_to_everybody(
        self, desk: Desk, page: Page, company: dict[str, Any]
    ) -> None:
        answer = page.press("save", **{SETTING: str(company["id"])})

        assert answer.status_code == 302
        assert page.stored() == str(company["id"])
        assert company["name"] in text_of(page.browser.get(page.url))
        assert company["name"] in text_of(signed_in(desk.account, "dispatcher").get(page.url))

    def test_takes_no_company_that_is_not_there(self, page: Page) -> None:
        answer = page.press("save", **{SETTING: "987654321"})

        assert answer.status_code == 422
        assert "the PSA has no such company any more" in text_of(answer)
        assert page.stored() == ""

    def test_believes_what_was_chosen_while_the_psa_is_down(
        self, desk: Desk, page: Page, company: dict[str, Any]
    ) -> None:
        company_choice._lately.forget((desk.connection.pk, str(company["id"])))

        with broken(desk.sandbox, "down"):
            answer = page.press("save", **{SETTING: str(company["id"])})
            shown = text_of(page.browser.get(page.url))

        assert (answer.status_code, page.stored()) == (302, str(company["id"]))
        assert "Its name is not known right now" in shown
