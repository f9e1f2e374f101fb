"""Which of the two forms of a member's proof a server takes is not documented: either must do."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from slotdesk.integrations.connectwise.adapter import Psa
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.lib.addresses import parse_networks
from slotdesk.lib.http import Door
from slotdesk.lib.tests.answering import Answer, Seen, Server, answering
from slotdesk.ports.errors import NotAuthorized
from slotdesk.ports.psa import Viewer

ME = {"id": 12, "identifier": "JDoe", "firstName": "Jordan", "lastName": "Doe", "defaultEmail": "jdoe@acme.example"}
BASIC = "Basic " + base64.b64encode(b"acme+jdoe:proof").decode()


def takes_cookies(seen: Seen) -> bool:
    return "memberHash=proof" in seen.headers.get("cookie", "") and "authorization" not in seen.headers


def takes_basic(seen: Seen) -> bool:
    return seen.headers.get("authorization") == BASIC


def psa_that(accepts: Callable[[Seen], bool], me: dict[str, Any]) -> Callable[[Seen], Answer]:
    def answer(seen: Seen) -> Answer:
        if seen.path.startswith("/login/"):
            return Answer(200, b'{"Codebase": "v2026_1/"}')
        return Answer(200, json.dumps(me).encode()) if accepts(seen) else Answer(401, b'{"code": "Unauthorized"}')

    return answer


def prove(server: Server, **changed: str) -> Viewer:
    values = {"company_id": "acme", "public_key": "pub", "private_key": "priv", "client_id": "c-1"}
    door = Door(allowed_private=parse_networks(["127.0.0.0/8"]), deadline=5)
    psa = Psa(Settings.model_validate({**values, "base_url": server.url}), door=door)
    claims = {"site": f"{server.url}/", "companyid": "ACME", "memberid": "jdoe", "memberHash": "proof"}
    return psa.prove_viewer({**claims, **changed})


class TestProveViewer:
    @pytest.mark.parametrize("accepts", [takes_cookies, takes_basic])
    def test_believes_a_member_by_either_form(self, accepts: Callable[[Seen], bool]) -> None:
        with answering(psa_that(accepts, ME)) as server:
            assert prove(server) == Viewer("12", "JDoe", "Jordan Doe", "jdoe@acme.example")

    def test_does_not_believe_a_server_that_answers_with_somebody_else(self) -> None:
        with answering(psa_that(takes_cookies, {**ME, "identifier": "boss"})) as server, pytest.raises(NotAuthorized):
            prove(server)

    def test_does_not_believe_a_member_who_has_left(self) -> None:
        with answering(psa_that(takes_cookies, {**ME, "inactiveFlag": True})) as server, pytest.raises(NotAuthorized):
            prove(server)

    @pytest.mark.parametrize(
        "changed",
        [
            {"memberHash": "proof; memberId=boss"},
            {"memberContext": "a\nb"},
            {"memberid": "jdoe; x=y"},
            {"memberid": "pub"},
            {"site": "https://na.myconnectwise.net/"},
        ],
    )
    def test_does_not_even_ask_when_the_claims_could_not_be_true(self, changed: dict[str, str]) -> None:
        with answering(psa_that(takes_cookies, ME)) as server, pytest.raises(NotAuthorized):
            prove(server, **changed)

        assert server.seen == []
