from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from slotdesk.integrations.connectwise.adapter import Psa
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.lib.addresses import parse_networks
from slotdesk.lib.http import Door
from slotdesk.lib.tests.answering import Answer, Server, answering, in_turn
from slotdesk.ports.errors import NotAuthorized, UnexpectedReply
from slotdesk.ports.psa import Change

KEY = "signing-key"
KEY_ANSWER = Answer(200, json.dumps({"signing_key": KEY}).encode())


def open_psa(server: Server) -> Psa:
    values = {"company_id": "acme", "public_key": "pub", "private_key": "priv", "client_id": "c-1"}
    door = Door(allowed_private=parse_networks(["127.0.0.0/8"]), deadline=5)
    return Psa(Settings.model_validate({**values, "base_url": server.url}), door=door)


def message(key_url: str, **changed: Any) -> bytes:
    told = {"CompanyId": "Acme", "Action": "updated", "Type": "ticket", "ID": 1204, "Entity": "{}"}
    return json.dumps({**told, "Metadata": {"key_url": key_url}, **changed}).encode()


def signed(body: bytes, key: str = KEY) -> dict[str, str]:
    digest = hmac.new(hashlib.sha256(key.encode()).digest(), body, hashlib.sha256).digest()
    return {"X-Content-Signature": base64.b64encode(digest).decode()}


class TestReadHook:
    def test_reads_the_member_of_a_schedule_entry_from_the_json_inside(self) -> None:
        with answering(in_turn(KEY_ANSWER)) as server:
            entity = json.dumps({"id": 9, "member": {"id": 12}})
            body = message(f"{server.url}/keys/1", Type="Schedule", ID=9, Entity=entity)

            assert open_psa(server).read_hook(signed(body), body) == [Change("schedule", "9", member_id="12")]

    def test_tells_a_deletion_which_comes_without_the_object(self) -> None:
        with answering(in_turn(KEY_ANSWER)) as server:
            body = message(f"{server.url}/keys/1", Type="schedule", ID=9, Action="deleted", Entity="")

            assert open_psa(server).read_hook(signed(body), body) == [Change("schedule", "9", is_deleted=True)]

    def test_passes_over_kinds_we_do_not_follow(self) -> None:
        with answering(in_turn(KEY_ANSWER)) as server:
            body = message(f"{server.url}/keys/1", Type="invoice")

            assert open_psa(server).read_hook(signed(body), body) == []

    def test_asks_for_a_key_once_and_without_our_credentials(self) -> None:
        with answering(in_turn(KEY_ANSWER)) as server:
            body = message(f"{server.url}/keys/1")
            for _ in range(2):
                open_psa(server).read_hook(signed(body), body)

        assert [seen.path for seen in server.seen] == ["/keys/1"]
        assert "authorization" not in server.seen[0].headers

    def test_never_follows_a_key_to_another_server(self) -> None:
        with answering(in_turn(KEY_ANSWER)) as evil, answering(in_turn(KEY_ANSWER)) as server:
            body = message(f"{evil.url}/keys/1")
            with pytest.raises(NotAuthorized, match="key"):
                open_psa(server).read_hook(signed(body), body)

        assert evil.seen == []

    @pytest.mark.parametrize("changed", [{"CompanyId": "other"}, {"Metadata": None}, {"Metadata": {"key_url": 7}}])
    def test_refuses_a_message_of_another_company_or_without_a_key(self, changed: dict[str, Any]) -> None:
        with answering(in_turn(KEY_ANSWER)) as server:
            body = message(f"{server.url}/keys/1", **changed)
            with pytest.raises(NotAuthorized):
                open_psa(server).read_hook(signed(body), body)

    def test_does_not_ask_for_the_key_again_at_every_bad_signature(self) -> None:
        with answering(in_turn(KEY_ANSWER)) as server:
            body = message(f"{server.url}/keys/1")
            for _ in range(3):
                with pytest.raises(NotAuthorized, match="signature"):
                    open_psa(server).read_hook(signed(body, "another-key"), body)

        assert len(server.seen) == 1

    @pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"\xff"])
    def test_refuses_what_is_no_message_at_all(self, body: bytes) -> None:
        with answering(in_turn(KEY_ANSWER)) as server, pytest.raises(UnexpectedReply):
            open_psa(server).read_hook(signed(body), body)
