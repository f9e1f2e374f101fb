"""Proving the viewer of the panel, and what the proof is worth."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import User
from slotdesk.web.panel.viewer import LIFETIME
from tests.support.factories import make_account, make_connection
from tests.support.members import give_place
from tests.support.psa import Desk, broken


def prove(desk: Desk, **changed: str) -> Any:
    body = json.dumps({"claims": desk.claims(**changed)})
    url = f"/panel/{desk.connection.public_id}/session/"
    return Client(enforce_csrf_checks=True).post(url, body, content_type="application/json")


def ask(desk: Desk, token: str, *, connection_id: str = "") -> Any:
    url = f"/panel/{connection_id or desk.connection.public_id}/tickets/{desk.ticket()['id']}/"
    return Client().get(url, headers={"Authorization": f"Bearer {token}"})


class TestProof:
    def test_is_exchanged_for_a_token_that_opens_the_ticket(self, desk: Desk) -> None:
        answer = prove(desk)

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert ask(desk, answer.json()["token"]).status_code == 200

    def test_with_a_made_up_hash_is_refused(self, desk: Desk) -> None:
        answer = prove(desk, memberHash="made-up")

        assert answer.status_code == 403
        assert "token" not in answer.json()

    def test_of_somebody_else_is_refused(self, desk: Desk) -> None:
        other = desk.sandbox.store.get("members", 102)["identifier"]

        assert prove(desk, memberid=other).status_code == 403

    def test_from_another_site_is_refused(self, desk: Desk) -> None:
        assert prove(desk, site="https://psa.attacker.example/").status_code == 403

    def test_that_fails_too_often_is_no_longer_asked_about(self, desk: Desk) -> None:
        for _ in range(10):
            assert prove(desk, memberHash="guess").status_code == 403

        answer = prove(desk)

        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0

    def test_says_that_the_psa_is_down(self, desk: Desk) -> None:
        with broken(desk.sandbox, "down"):
            answer = prove(desk)

        assert answer.status_code == 503
        assert "cannot be asked" in answer.json()["error"]

    def test_that_cannot_be_read_is_refused(self, desk: Desk) -> None:
        url = f"/panel/{desk.connection.public_id}/session/"

        for body in ("", "[]", '{"claims": {"memberid": 1}}', '{"claims": ["x"]}', "x" * 20_000):
            assert Client().post(url, body, content_type="application/json").status_code == 400

    def test_for_an_unknown_connection_is_not_found(self, desk: Desk) -> None:
        assert Client().post("/panel/conn_0000000000000000000000/session/").status_code == 404

    def test_does_not_let_in_who_was_switched_off(self, desk: Desk) -> None:
        Agent.objects.filter(pk=desk.agent.pk).update(is_active=False)

        answer = prove(desk)

        assert answer.status_code == 403
        assert "switched off" in answer.json()["error"]


class TestToken:
    def test_ends_after_a_quarter_of_an_hour(self, desk: Desk) -> None:
        token = prove(desk).json()["token"]

        with time_machine.travel(timezone.now() + LIFETIME + timedelta(seconds=2), tick=False):
            assert ask(desk, token).status_code == 401

    def test_of_another_connection_is_refused(self, desk: Desk) -> None:
        token = prove(desk).json()["token"]
        other = make_connection(make_account("Another MSP"))

        assert ask(desk, token, connection_id=other.public_id).status_code == 401

    def test_signed_for_another_purpose_is_refused(self, desk: Desk) -> None:
        said = {"connection": desk.connection.public_id, "member": "101", "name": "Jordan Doe"}

        assert ask(desk, signing.TimestampSigner(salt="another").sign_object(said)).status_code == 401
        assert ask(desk, signing.TimestampSigner(salt="slotdesk.panel").sign_object(said)).status_code == 200

    def test_is_demanded(self, desk: Desk) -> None:
        url = f"/panel/{desk.connection.public_id}/tickets/{desk.ticket()['id']}/"

        assert Client().get(url).status_code == 401
        assert Client().get(url, headers={"Authorization": "Basic eDp5"}).status_code == 401

    def test_is_worth_nothing_once_its_holder_is_switched_off(self, desk: Desk) -> None:
        token = prove(desk).json()["token"]
        user = User.objects.create_user("jordan@summit.example", is_active=False)
        membership = give_place(desk.account, user, "administrator")
        Agent.objects.filter(pk=desk.agent.pk).update(membership=membership)

        assert ask(desk, token).status_code == 403


class TestPage:
    def test_may_be_framed_by_the_connected_psa_only(self, desk: Desk) -> None:
        page = Client().get(f"/panel/{desk.connection.public_id}/?id=1&screen=ticket")

        assert page.status_code == 200
        assert f"frame-ancestors {desk.sandbox.url};" in page.headers["Content-Security-Policy"] + ";"
        assert "X-Frame-Options" not in page.headers

    def test_tells_nothing_of_the_account(self, desk: Desk) -> None:
        page = Client().get(f"/panel/{desk.connection.public_id}/").content.decode()

        assert desk.account.name not in page
        assert desk.agent.name not in page

    def test_of_an_unknown_connection_is_not_found(self, desk: Desk) -> None:
        assert Client().get("/panel/conn_0000000000000000000000/").status_code == 404
