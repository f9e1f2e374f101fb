"""The privacy pages: periods, and one client's data."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.privacy.models import Retention
from slotdesk.domain.tenants.models import Account
from tests.support.members import text_of

SignIn = Callable[[str], Client]
URL = "/app/settings/privacy/"
PERIODS = {"request_days": "365", "email_days": "90", "call_days": "3", "audit_days": "400", "session_days": "14"}
ANA = {"email": "Ana@client.example"}

pytestmark = pytest.mark.django_db(transaction=True)


class TestPeriods:
    def test_are_saved_and_told(self, account: Account, sign_in: SignIn) -> None:
        assert sign_in("administrator").post(URL, PERIODS).status_code == 302

        assert Retention.objects.get().request_days == 365
        changes = Event.objects.get(kind="privacy.retention_changed").changes
        assert changes["request_days"] == [730, 365]

    @pytest.mark.parametrize(
        ("changed", "label"),
        [
            ({"audit_days": "89"}, "History and audit log"),
            ({"call_days": "8"}, "Calls"),
            ({"email_days": ""}, "E-mails"),
        ],
    )
    def test_name_the_field_that_is_wrong_and_save_nothing(
        self, account: Account, sign_in: SignIn, changed: dict[str, str], label: str
    ) -> None:
        answer = sign_in("administrator").post(URL, PERIODS | changed)

        assert answer.status_code == 422
        assert f'Not saved yet. Look at: <a href="#id_{next(iter(changed))}">{label}' in text_of(answer)
        assert not Retention.objects.exists()


class TestPage:
    def test_lists_what_is_kept_where_and_how_long(self, account: Account, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").get(URL))

        for words in ("phone number", "what the client wrote", "History and audit log", "730 days", "1095 days"):
            assert words in page


class TestOneClient:
    def test_is_found_by_address(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").post(f"{URL}client/", ANA))

        assert request_.public_id in page
        assert "Erase this client" in page

    def test_that_nobody_knows_is_said_to_be_unknown(self, account: Account, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").post(f"{URL}client/", {"email": "who@client.example"}))

        assert "Nothing is kept about this address" in page

    def test_is_exported(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(f"{URL}client/export/", ANA)

        assert json.loads(answer.content)["requests"][0]["client_name"] == "Ana Ruiz"
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_is_erased_when_the_address_was_typed_twice(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(f"{URL}client/erasure/", ANA | {"again": "ana@client.example"})

        request_.refresh_from_db()
        assert answer.status_code == 302
        assert (request_.client_name, request_.status) == ("", "closed")

    def test_stays_when_it_was_not(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(f"{URL}client/erasure/", ANA | {"again": "anna@client.example"})

        request_.refresh_from_db()
        assert answer.status_code == 422
        assert "This is not the address above." in text_of(answer)
        assert request_.client_name == "Ana Ruiz"

    @pytest.mark.parametrize("path", ["client/", "client/export/", "client/erasure/"])
    def test_needs_an_address(self, account: Account, sign_in: SignIn, path: str) -> None:
        answer = sign_in("administrator").post(f"{URL}{path}", {"email": "ana"})

        assert answer.status_code == 422
        assert "valid email address" in text_of(answer)


class TestRoles:
    @pytest.mark.parametrize("role", ["dispatcher", "user", "finance"])
    def test_without_the_permission_see_and_do_nothing(
        self, request_: SchedulingRequest, sign_in: SignIn, role: str
    ) -> None:
        browser = sign_in(role)

        assert browser.get(URL).status_code == 403
        for path in ("client/", "client/export/", "client/erasure/"):
            assert browser.post(f"{URL}{path}", ANA | {"again": ANA["email"]}).status_code == 403
