"""The audit log's pages: the list with its filters, one event, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from slotdesk.domain.events.models import Event
from slotdesk.domain.events.operations import record
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Account, Membership
from slotdesk.domain.tenants.scope import all_accounts
from slotdesk.web.staff import audit
from tests.support.factories import NOW, make_account, make_type
from tests.support.members import make_member, text_of

SignIn = Callable[[str], Client]
URL = "/app/settings/audit/"


def happen(
    account: Account, kind: str = "account.changed", *, actor: str = "Alex", days: int = 0, **more: object
) -> Event:
    fields = {"subject": account.public_id} | more
    record(account=account, kind=kind, now=NOW - timedelta(days=days), actor=actor, **fields)  # type: ignore[arg-type]
    return Event.objects.latest("id")


def rows_of(browser: Client, query: str = "") -> list[list[str]]:
    answer = browser.get(f"{URL}audit-log.csv{query}")
    text = b"".join(answer).decode()
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


class TestList:
    def test_names_what_it_happened_to_and_who_did_it_from_where(self, account: Account, sign_in: SignIn) -> None:
        kind = make_type(account, internal_name="Onsite visit")
        actor = Actor("Alex Stone", address="192.0.2.7")
        happen(account, "appointment_type.archived", actor=actor, subject=kind.public_id)

        page = text_of(sign_in("administrator").get(URL))

        for words in ("Appointment type archived", "Onsite visit", "Alex Stone", "192.0.2.7"):
            assert words in page

    def test_is_narrowed_by_person_area_subject_name_and_dates(self, account: Account, sign_in: SignIn) -> None:
        member: Membership = make_member(account, "dispatcher")
        theirs = Actor("The dispatcher", member_id=member.public_id)
        happen(account, "role.changed", actor=theirs, subject="role_1")
        happen(account, "connection.changed", actor="Alex", subject="conn_1", days=3)
        browser = sign_in("administrator")

        def kinds(query: str) -> list[str]:
            return [row[3] for row in rows_of(browser, query)]

        assert kinds("") == ["connection.changed", "role.changed"]
        assert kinds(f"?person={member.public_id}") == ["role.changed"]
        assert kinds("?area=connection") == ["connection.changed"]
        assert kinds("?subject=role_1") == ["role.changed"]
        assert kinds("?actor=dispatch") == ["role.changed"]
        assert kinds("?since=2027-05-03") == ["role.changed"]
        assert kinds("?until=2027-04-30") == ["connection.changed"]
        assert "Nothing matches" in text_of(browser.get(f"{URL}?subject=nothing"))

    def test_finds_every_way_of_signing_in_under_one_area(self, account: Account, sign_in: SignIn) -> None:
        for kind in ("join_domain.added", "user.second_factor_reset", "single_sign_on.saved", "appointment.booked"):
            happen(account, kind)

        found = [row[3] for row in rows_of(sign_in("administrator"), "?area=sign_in")]

        assert found == ["single_sign_on.saved", "user.second_factor_reset", "join_domain.added"]

    def test_goes_on_where_the_last_page_ended_whatever_happens_meanwhile(
        self, account: Account, sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")
        events = [happen(account, actor=f"Person {number:03}") for number in range(60)]
        first = text_of(browser.get(URL))
        happen(account, actor="A newcomer")

        second = text_of(browser.get(f"{URL}?before={events[10].pk}"))

        assert f"before={events[10].pk}" in first
        assert "Person 010" in first
        assert "Person 009" in second
        assert "Person 010" not in second

    @pytest.mark.parametrize(
        ("query", "words"),
        [("?since=soon", "Enter a valid date"), ("?since=2027-05-03&until=2027-05-01", "Must not lie before")],
    )
    def test_names_the_filter_that_is_wrong(self, account: Account, sign_in: SignIn, query: str, words: str) -> None:
        answer = sign_in("administrator").get(f"{URL}{query}")

        assert answer.status_code == 422
        assert words in text_of(answer)

    @pytest.mark.parametrize("role", ["dispatcher", "user", "finance"])
    def test_is_for_whoever_may_read_it(self, account: Account, sign_in: SignIn, role: str) -> None:
        browser = sign_in(role)

        assert browser.get(URL).status_code == 403
        assert browser.get(f"{URL}audit-log.csv").status_code == 403
        assert browser.get(f"{URL}{happen(account).pk}/").status_code == 403


class TestOneEvent:
    def test_shows_before_and_after(self, account: Account, sign_in: SignIn) -> None:
        event = happen(account, changes={"support_email": ("old@summit.example", "")})

        page = text_of(sign_in("administrator").get(f"{URL}{event.pk}/"))

        assert '<th scope="row">support email</th><td>old@summit.example</td><td>–</td>' in page

    def test_of_another_account_is_not_there(self, account: Account, sign_in: SignIn) -> None:
        with all_accounts():
            event = happen(make_account("Another MSP"))

        assert sign_in("administrator").get(f"{URL}{event.pk}/").status_code == 404


class TestDownload:
    def test_holds_this_account_only(self, account: Account, sign_in: SignIn) -> None:
        happen(account, actor="=HYPERLINK(1)")
        with all_accounts():
            happen(make_account("Another MSP"), actor="A stranger")

        assert [row[1] for row in rows_of(sign_in("administrator"))] == ["'=HYPERLINK(1)"]

    def test_ends_where_the_limit_is(self, account: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(5):
            happen(account)
        monkeypatch.setattr(audit, "MOST_ROWS", 3)

        assert len(rows_of(sign_in("administrator"))) == 3
