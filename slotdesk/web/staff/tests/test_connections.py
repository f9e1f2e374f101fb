"""Connecting the PSA, its health, and the statuses that tickets take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.connections.credentials import unseal
from slotdesk.domain.connections.models import Board, Connection, PresetStatus
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import make_connection
from tests.support.members import signed_in, text_of
from tests.support.psa import broken

URL = "/app/integrations/psa/connectwise/"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def now() -> None:
    """The PSA's clock is the real one, and so is this one."""


@pytest.fixture
def admin(account: Account) -> Client:
    return signed_in(account)


def entered(sandbox: Sandbox, **changed: str) -> dict[str, str]:
    return {
        "site": "psa.summit.example",
        "company_id": sandbox.company_id,
        "public_key": sandbox.public_key,
        "private_key": sandbox.private_key,
        "client_id": sandbox.client_id,
        "base_url": sandbox.url,
        "entry_type": "S",
    } | changed


def stored(connection: Connection) -> Any:
    return unseal(get_manifest("connectwise").settings, connection.settings)


class TestConnecting:
    def test_tests_saves_and_reads_people_and_boards(self, admin: Client, sandbox: Sandbox) -> None:
        page = text_of(admin.post(URL, entered(sandbox), follow=True))

        connection = Connection.objects.get()
        assert "Tested and saved" in page
        assert connection.state == "working"
        assert stored(connection).private_key.get_secret_value() == sandbox.private_key
        assert Agent.objects.exists()
        assert Board.objects.exists()

    def test_never_shows_a_secret_again(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))

        page = text_of(admin.get(URL))

        assert sandbox.private_key not in page
        assert "Leave it empty to keep it" in page
        assert sandbox.public_key in page

    def test_keeps_a_secret_that_is_left_empty(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))

        admin.post(URL, entered(sandbox, private_key="", site="other.summit.example"))

        kept = stored(Connection.objects.get())
        assert kept.private_key.get_secret_value() == sandbox.private_key
        assert kept.site == "other.summit.example"

    def test_stores_nothing_when_the_keys_are_refused(self, admin: Client, sandbox: Sandbox) -> None:
        answer = admin.post(URL, entered(sandbox, private_key="wrongPrivateKey"))

        assert answer.status_code == 422
        assert "Not saved." in text_of(answer)
        assert "wrongPrivateKey" not in text_of(answer)
        assert not Connection.objects.exists()

    def test_keeps_what_works_when_the_new_keys_are_refused(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))

        answer = admin.post(URL, entered(sandbox, private_key="wrongPrivateKey"))

        assert "What was stored before is still in use" in text_of(answer)
        assert stored(Connection.objects.get()).private_key.get_secret_value() == sandbox.private_key

    def test_says_that_the_psa_does_not_answer(self, admin: Client, sandbox: Sandbox) -> None:
        with broken(sandbox, "reset"):
            answer = admin.post(URL, entered(sandbox))

        assert answer.status_code == 422
        assert not Connection.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"company_id": ""}, "This field is required"),
            ({"site": "not a host"}, "must be a host name"),
            ({"base_url": "ftp://x"}, "must look like"),
        ],
    )
    def test_names_the_field_that_is_wrong(
        self, admin: Client, sandbox: Sandbox, changed: dict[str, str], words: str
    ) -> None:
        answer = admin.post(URL, entered(sandbox, **changed))

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "Value error" not in text_of(answer)

    def test_asks_for_everything_anew_when_the_stored_keys_cannot_be_opened(
        self, account: Account, admin: Client, sandbox: Sandbox
    ) -> None:
        make_connection(account, settings="sealed with a key that is gone")

        page = text_of(admin.get(URL))
        synced = text_of(admin.post(f"{URL}sync/", follow=True))

        assert "Leave it empty" not in page
        assert "alert-danger" in synced

    def test_of_an_unknown_kind_is_not_found(self, admin: Client) -> None:
        assert admin.get("/app/integrations/psa/nosuchpsa/").status_code == 404


class TestSetUpInThePsa:
    def test_installs_the_panel_and_subscribes(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))
        connection = Connection.objects.get()

        admin.post(f"{URL}panel/")
        admin.post(f"{URL}changes/")

        urls = {setup["url"] for setup in sandbox.store.all("hostedSetups")}
        assert {f"http://localhost:8000/panel/{connection.public_id}/?id=[cw_id]&screen=[cw_screen]"} == urls
        called = {callback["url"].partition("?")[0] for callback in sandbox.store.all("callbacks")}
        assert called == {f"http://localhost:8000/hooks/{connection.public_id}/"}

    def test_says_what_went_wrong(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))

        with broken(sandbox, "expired-key"):
            page = text_of(admin.post(f"{URL}sync/", follow=True))

        assert "alert-danger" in page
        assert Connection.objects.get().state == "broken"
        assert "Needs attention" in page

    def test_needs_a_connection(self, admin: Client) -> None:
        for action in ("sync", "panel", "changes", "statuses"):
            assert admin.post(f"{URL}{action}/").status_code == 404


class TestStatuses:
    def test_are_chosen_board_by_board(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))
        board = Board.objects.order_by("name")[0]
        status = board.statuses[1]["id"]

        page = text_of(admin.post(f"{URL}statuses/", {f"board-{board.pk}-created": status}, follow=True))

        assert PresetStatus.objects.get().status_id == status
        assert "The statuses are saved" in page
        assert "Without any status" in page

    def test_can_be_taken_back(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))
        board = Board.objects.order_by("name")[0]
        PresetStatus.objects.create(board=board, moment="created", status_id=board.statuses[1]["id"])

        admin.post(f"{URL}statuses/", {f"board-{board.pk}-created": ""})

        assert not PresetStatus.objects.exists()

    def test_of_another_board_are_refused(self, admin: Client, sandbox: Sandbox) -> None:
        admin.post(URL, entered(sandbox))
        board = Board.objects.order_by("name")[0]

        page = text_of(admin.post(f"{URL}statuses/", {f"board-{board.pk}-created": "999999"}))

        assert "has no status 999999" in page
        assert not PresetStatus.objects.exists()


class TestRoles:
    @pytest.mark.parametrize("role", ["dispatcher", "user", "finance"])
    def test_nobody_else_comes_here(self, account: Account, role: str) -> None:
        browser = signed_in(account, role)

        assert browser.get("/app/integrations/").status_code == 403
        assert browser.get(URL).status_code == 403
        assert browser.post(f"{URL}sync/").status_code == 403
