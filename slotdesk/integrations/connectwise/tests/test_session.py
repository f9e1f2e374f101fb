"""What the stand-in never does but servers in the field do: odd pages, upgrades, proxies' error pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from slotdesk.integrations.connectwise import session as sessions
from slotdesk.integrations.connectwise.models import Board, Stored
from slotdesk.integrations.connectwise.session import Session
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.lib.addresses import parse_networks
from slotdesk.lib.http import Door
from slotdesk.lib.tests.answering import Answer, Seen, Server, answering, in_turn
from slotdesk.ports.errors import (
    NotAuthorized,
    NotFound,
    PortError,
    RateLimited,
    Rejected,
    UnexpectedReply,
    Unreachable,
)

PRIVATE_KEY = "the-private-key"


def open_session(server: Server) -> Session:
    values = {"company_id": "acme", "public_key": "the-public-key", "private_key": PRIVATE_KEY, "client_id": "c-1"}
    settings = Settings.model_validate({**values, "base_url": server.url})
    return Session(settings, door=Door(allowed_private=parse_networks(["127.0.0.0/8"]), deadline=5))


def said(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(value).encode(), headers)


def discovered(
    answer: Callable[[Seen], Answer], codebases: tuple[str, ...] = ("v2026_1/",)
) -> Callable[[Seen], Answer]:
    """Answer discovery with these codebases in turn, and everything else with `answer`."""
    discovery = in_turn(*(said({"CompanyName": "Acme", "Codebase": codebase}) for codebase in codebases))
    return lambda seen: discovery(seen) if seen.path.startswith("/login/") else answer(seen)


class TestDiscovery:
    @pytest.mark.parametrize("answer", [said(None), said({"code": "NotFound"}, 404)])
    def test_says_that_the_server_knows_no_such_company(self, answer: Answer) -> None:
        with answering(in_turn(answer)) as server, pytest.raises(NotAuthorized, match="acme"):
            open_session(server).company()

    def test_refuses_a_codebase_that_leads_elsewhere(self) -> None:
        with answering(in_turn(said({"Codebase": "../../evil/"}))) as server, pytest.raises(UnexpectedReply):
            open_session(server).company()

    def test_is_done_once_per_process(self) -> None:
        with answering(discovered(in_turn(said({"id": 1})))) as server:
            for _ in range(2):
                open_session(server).get("/x", Stored)

        assert [seen.path for seen in server.seen].count("/login/companyinfo/acme") == 1

    def test_is_done_again_when_the_api_has_moved(self) -> None:
        def answer(seen: Seen) -> Answer:
            return said({"id": 1}) if seen.path.startswith("/v2026_2/") else Answer(404, b"<html>not here</html>")

        with answering(discovered(answer, ("v2026_1/", "v2026_2/"))) as server:
            assert open_session(server).get("/x", Stored).id == 1

    def test_is_not_done_again_for_every_object_that_is_gone(self) -> None:
        gone = said({"code": "NotFound", "message": "ticket 7 not found"}, 404)
        with answering(discovered(in_turn(gone))) as server:
            for _ in range(2):
                with pytest.raises(NotFound, match="ticket 7"):
                    open_session(server).get("/x", Stored)

        assert [seen.path for seen in server.seen].count("/login/companyinfo/acme") == 1

    def test_gives_up_when_the_api_is_nowhere_to_be_found(self) -> None:
        with answering(discovered(in_turn(Answer(404, b"<html/>")))) as server, pytest.raises(NotFound):
            open_session(server).get("/x", Stored)


class TestPages:
    def test_c15_go_on_by_the_last_id_while_the_server_names_a_next_page(self) -> None:
        pages = in_turn(said([{"id": 3}, {"id": 5}], Link='<https://x/?pageId=5>; rel="next"'), said([{"id": 9}]))
        with answering(discovered(pages)) as server:
            assert [item.id for item in open_session(server).get_all("/x", Stored)] == [3, 5, 9]

        assert "pageId=5" in server.seen[2].path
        assert server.seen[1].headers["pagination-type"] == "forward-only"

    def test_go_on_after_a_full_page_even_if_a_proxy_ate_the_link(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sessions, "PAGE_SIZE", 2)
        with answering(discovered(in_turn(said([{"id": 3}, {"id": 5}]), said([])))) as server:
            assert [item.id for item in open_session(server).get_all("/x", Stored)] == [3, 5]

    def test_raise_when_the_server_sends_the_same_page_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sessions, "PAGE_SIZE", 2)
        with answering(discovered(in_turn(said([{"id": 3}, {"id": 5}])))) as server, pytest.raises(UnexpectedReply):
            list(open_session(server).get_all("/x", Stored))

    @pytest.mark.parametrize("second", [[{"id": 7}, {"name": "no id"}], {"not": "a list"}, None])
    def test_raise_for_a_page_that_cannot_be_read_rather_than_leave_it_out(self, second: Any) -> None:
        pages = in_turn(said([{"id": 3}], Link='<x>; rel="next"'), said(second))
        with answering(discovered(pages)) as server, pytest.raises(UnexpectedReply):
            list(open_session(server).get_all("/x", Stored))

    def test_read_null_as_left_out(self) -> None:
        with answering(discovered(in_turn(said([{"id": 1, "name": "Desk", "inactiveFlag": None}])))) as server:
            [board] = open_session(server).get_all("/x", Board)

        assert board.inactive_flag is False


class TestRefusals:
    @pytest.mark.parametrize(
        ("answer", "error", "words"),
        [
            (said({"code": "Unauthorized"}, 401), NotAuthorized, "credentials"),
            (said({"code": "ConnectWiseApi", "message": "x"}, 400), NotAuthorized, "client ID"),
            (said({"code": "Security", "message": "No way."}, 403), NotAuthorized, "security role"),
            (said({"error": "ConnectWiseAPI"}, 429), RateLimited, "slow down"),
            (Answer(500, b"<html>boom</html>"), Unreachable, "500"),
            (Answer(302, b"", {"Location": "https://elsewhere.example/"}), UnexpectedReply, "302"),
            (Answer(200, b"<html>Please sign in</html>"), UnexpectedReply, "cannot read"),
        ],
    )
    def test_become_the_ports_errors(self, answer: Answer, error: type[PortError], words: str) -> None:
        with answering(discovered(in_turn(answer))) as server, pytest.raises(error, match=words):
            open_session(server).post("/x", {}, Stored)

    def test_say_the_vendors_reason_once_and_without_the_body(self) -> None:
        body = {
            "code": "InvalidObject",
            "message": "ticket object is invalid",
            "errors": [{"message": "The company field is required."}, {"message": "The company field is required."}],
            "trace": "internal",
        }
        with answering(discovered(in_turn(said(body, 400)))) as server, pytest.raises(Rejected) as raised:
            open_session(server).post("/x", {}, Stored)

        assert str(raised.value) == "ticket object is invalid The company field is required."

    def test_never_repeat_a_secret_that_the_server_echoes(self) -> None:
        def echo(seen: Seen) -> Answer:
            return said({"message": f"bad {seen.headers['authorization']} {PRIVATE_KEY}"}, 400)

        with answering(discovered(echo)) as server, pytest.raises(Rejected) as refused:
            open_session(server).post("/x", {}, Stored)
        with (
            answering(discovered(lambda seen: Answer(200, f"{seen.headers['authorization']}".encode()))) as server,
            pytest.raises(UnexpectedReply) as unread,
        ):
            open_session(server).get("/x", Stored)

        assert str(refused.value) == "bad Basic ••• •••"
        assert unread.value.body == "Basic •••"

    def test_name_an_address_that_may_not_be_reached(self) -> None:
        with answering(in_turn(said(None))) as server:
            session = open_session(server)
            session._door = Door()
            with pytest.raises(Rejected, match="https"):
                session.company()
