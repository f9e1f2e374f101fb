"""The company for all new contacts: found in the PSA by name, and checked when the type is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Connection
from slotdesk.web.staff import company_choice
from tests.support.factories import make_type
from tests.support.members import signed_in, text_of
from tests.support.psa import Desk, broken
from tests.support.type_form import ENTERED, url_of

COMPANIES = "/app/types/companies/"


@pytest.fixture
def kind(desk: Desk) -> AppointmentType:
    return make_type(desk.account, slug="call")


@pytest.fixture
def admin(desk: Desk) -> Client:
    return signed_in(desk.account)


@pytest.fixture
def company(desk: Desk) -> dict[str, Any]:
    """One of the PSA's."""
    return next(each for each in desk.sandbox.store.all("companies") if not each["deletedFlag"])


def entered(**changed: Any) -> dict[str, Any]:
    return ENTERED | {"shareable": "activity", "new_contacts": "catch_all"} | changed


class TestFinding:
    def test_shows_companies_with_all_of_the_words(self, admin: Client, company: dict[str, Any]) -> None:
        words = company["name"].split()

        found = admin.get(COMPANIES, {"company_q": f"{words[-1]} {words[0]}".upper()}).content.decode()

        assert f'value="{company["id"]}"' in found
        assert "No company has" in text_of(admin.get(COMPANIES, {"company_q": "zzzz"}))
        assert text_of(admin.get(COMPANIES)) == ""

    def test_says_that_the_psa_is_down(self, desk: Desk, admin: Client) -> None:
        with broken(desk.sandbox, "down"):
            assert "does not answer" in text_of(admin.get(COMPANIES, {"company_q": "a"}))

    def test_works_without_scripts_and_keeps_what_was_entered(
        self, admin: Client, kind: AppointmentType, company: dict[str, Any]
    ) -> None:
        sent = entered(do="company.find", company_q=company["name"], internal_name="Half done")

        page = admin.post(url_of(kind), sent).content.decode()

        assert f'value="{company["id"]}"' in page
        assert 'value="Half done"' in page
        kind.refresh_from_db()
        assert kind.internal_name != "Half done"


class TestSaving:
    def test_keeps_the_name_with_the_id(self, admin: Client, kind: AppointmentType, company: dict[str, Any]) -> None:
        answer = admin.post(url_of(kind), entered(catch_all_company_id=str(company["id"])))

        kind.refresh_from_db()
        assert answer.status_code == 302
        assert (kind.catch_all_company_id, kind.catch_all_company_name) == (str(company["id"]), company["name"])
        assert company["name"] in text_of(admin.get(url_of(kind)))

    def test_takes_no_company_that_is_not_there(self, admin: Client, kind: AppointmentType) -> None:
        answer = admin.post(url_of(kind), entered(catch_all_company_id="987654321"))

        assert answer.status_code == 422
        assert "no such company any more" in text_of(answer)

    def test_believes_what_was_chosen_while_the_psa_is_down(
        self, desk: Desk, admin: Client, kind: AppointmentType, company: dict[str, Any]
    ) -> None:
        admin.post(url_of(kind), entered(catch_all_company_id=str(company["id"])))
        company_choice._lately.forget((desk.connection.pk, str(company["id"])))

        with broken(desk.sandbox, "down"):
            page = text_of(admin.get(url_of(kind)))
            answer = admin.post(url_of(kind), entered(catch_all_company_id=str(company["id"])))

        kind.refresh_from_db()
        assert company["name"] in page
        assert (answer.status_code, kind.catch_all_company_name) == (302, company["name"])

    def test_forgets_the_name_with_the_company(
        self, admin: Client, kind: AppointmentType, company: dict[str, Any]
    ) -> None:
        admin.post(url_of(kind), entered(catch_all_company_id=str(company["id"])))

        admin.post(url_of(kind), entered(new_contacts="create", catch_all_company_id=""))

        kind.refresh_from_db()
        assert (kind.catch_all_company_id, kind.catch_all_company_name) == ("", "")


class TestWhoLooks:
    def test_sees_the_name_and_cannot_change_it(
        self, desk: Desk, admin: Client, kind: AppointmentType, company: dict[str, Any]
    ) -> None:
        admin.post(url_of(kind), entered(catch_all_company_id=str(company["id"])))
        dispatcher = signed_in(desk.account, "dispatcher")

        page = dispatcher.get(url_of(kind)).content.decode()

        assert company["name"] in page
        assert 'name="company_q"' not in page
        assert dispatcher.get(COMPANIES, {"company_q": "a"}).status_code == 403

    def test_types_the_number_where_no_psa_is_connected(self, admin: Client, kind: AppointmentType) -> None:
        Connection.objects.all().delete()

        page = admin.get(url_of(kind)).content.decode()

        assert 'name="company_q"' not in page
        assert 'type="text" name="catch_all_company_id"' in page
