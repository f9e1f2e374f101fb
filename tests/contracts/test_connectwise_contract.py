from __future__ import annotations

import base64
import re
from urllib.parse import urlencode

from sandbox.connectwise import constants
from tests.contracts.connectwise_contract import RULES, CompanyInfo, Rule
from tests.contracts.recording import Exchange

_BASIC = base64.b64encode(f"{constants.COMPANY_ID}+{constants.PUBLIC_KEY}:{constants.PRIVATE_KEY}".encode()).decode()
_ROOT = re.compile(r"/[\w.]+/apis/3\.0(/.*)")


def api_path(exchange: Exchange) -> str:
    match = _ROOT.fullmatch(exchange.path)
    assert match is not None, f"{exchange}: not below the API's root"
    return match[1]


def api_calls(exchanges: list[Exchange]) -> list[Exchange]:
    return [exchange for exchange in exchanges if not exchange.path.startswith("/login/")]


def rule_for(exchange: Exchange) -> Rule:
    rules = [rule for rule in RULES if rule.applies_to(exchange.method, api_path(exchange))]
    assert len(rules) == 1, f"{exchange}: no rule in the contract"
    return rules[0]


class TestWhatWeSend:
    def test_is_in_the_contract_and_all_of_the_contract_is_said(self, connectwise_exchanges: list[Exchange]) -> None:
        used = {id(rule_for(exchange)) for exchange in api_calls(connectwise_exchanges)}

        assert [f"{rule.method} {rule.path}" for rule in RULES if id(rule) not in used] == []

    def test_has_the_bodies_of_the_contract(self, connectwise_exchanges: list[Exchange]) -> None:
        for exchange in api_calls(connectwise_exchanges):
            rule = rule_for(exchange)
            if rule.body is None:
                assert exchange.body is None, str(exchange)
            else:
                rule.body.validate_python(exchange.body)

    def test_asks_with_the_parameters_of_the_contract(self, connectwise_exchanges: list[Exchange]) -> None:
        for exchange in api_calls(connectwise_exchanges):
            assert exchange.params.keys() <= rule_for(exchange).params, str(exchange)
            assert len(f"{exchange.url}?{urlencode(exchange.params)}") < 2000, str(exchange)

    def test_carries_version_client_id_and_credentials(self, connectwise_exchanges: list[Exchange]) -> None:
        for exchange in api_calls(connectwise_exchanges):
            assert exchange.headers["accept"] == "application/vnd.connectwise.com+json; version=2025.1"
            assert exchange.headers["clientId"] == constants.CLIENT_ID
            is_member = api_path(exchange) == "/system/myMembers/info"
            assert exchange.headers.get("authorization") == (None if is_member else f"Basic {_BASIC}")

    def test_shows_no_credentials_to_discovery(self, connectwise_exchanges: list[Exchange]) -> None:
        discoveries = [exchange for exchange in connectwise_exchanges if exchange.path.startswith("/login/")]

        assert [exchange.headers for exchange in discoveries] == [{}]


class TestWhatTheStandInAnswers:
    def test_has_the_types_of_the_contract(self, connectwise_exchanges: list[Exchange]) -> None:
        for exchange in api_calls(connectwise_exchanges):
            if exchange.reply.status == 204:
                assert exchange.method == "DELETE"
            elif exchange.reply.status != 404:  # a ticket asked for as the other kind
                rule_for(exchange).answer.validate_json(exchange.reply.body)

    def test_discovers_as_the_contract_says(self, connectwise_exchanges: list[Exchange]) -> None:
        CompanyInfo.model_validate_json(connectwise_exchanges[0].reply.body)

    def test_succeeds_but_for_tickets_of_the_other_kind(self, connectwise_exchanges: list[Exchange]) -> None:
        refused = [exchange for exchange in connectwise_exchanges if exchange.reply.status >= 300]

        assert {exchange.reply.status for exchange in refused} == {404}
        assert all(exchange.path.split("/")[-2] == "tickets" for exchange in refused)
