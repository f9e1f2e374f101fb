"""
What adapter and stand-in say to each other, held against the vendor's own schema.

The schema is not ours to keep: it is read from a folder beside the repository, and the test is skipped where that is
absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from tests.contracts.recording import Exchange

SCHEMA = Path(__file__).parents[3] / "shared" / "specs" / "connectwise.json"

pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason=f"the vendor's schema is not there: {SCHEMA}")


@pytest.fixture(scope="module")
def schema() -> OpenAPI:
    document = json.loads(SCHEMA.read_text())
    _forbid_unnamed_properties(document["components"]["schemas"])
    return OpenAPI.from_dict(document)


def _forbid_unnamed_properties(node: Any) -> None:
    """The schema lets unknown properties pass; here a misspelt one must not."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            node.setdefault("additionalProperties", False)
        for child in node.values():
            _forbid_unnamed_properties(child)
    elif isinstance(node, list):
        for child in node:
            _forbid_unnamed_properties(child)


def request_of(exchange: Exchange) -> MockRequest:
    """The request as the vendor's own server would have seen it."""
    if exchange.path.startswith("/login/"):
        return MockRequest("https://na.myconnectwise.net", "get", exchange.path)
    path = "/v4_6_release/apis/3.0" + exchange.path.split("/apis/3.0", 1)[1]
    return MockRequest(
        "https://api-na.myconnectwise.net",
        exchange.method.lower(),
        path,
        args=dict(exchange.params),
        # A member's cookie proof is not in the schema, which knows keys only.
        headers={"Authorization": "Basic c3VtbWl0", **exchange.headers},
        data=b"" if exchange.body is None else json.dumps(exchange.body).encode(),
        content_type="application/json",
    )


def response_of(exchange: Exchange) -> MockResponse:
    """The reply, under the plain media type: the checker cannot read JSON by the vendor's own name for it."""
    reply = exchange.reply
    assert reply.status == 204 or "json" in reply.headers["content-type"]
    return MockResponse(reply.body, status_code=reply.status, content_type="application/json")


class TestVendorSchema:
    def test_holds_for_what_we_send(self, schema: OpenAPI, connectwise_exchanges: list[Exchange]) -> None:
        for exchange in connectwise_exchanges:
            if not exchange.path.startswith("/login/"):  # has no credentials, which the schema asks of every path
                schema.validate_request(request_of(exchange))

    def test_holds_for_what_the_stand_in_answers(self, schema: OpenAPI, connectwise_exchanges: list[Exchange]) -> None:
        for exchange in connectwise_exchanges:
            schema.validate_response(request_of(exchange), response_of(exchange))

    def test_would_notice_a_misspelt_field(self, schema: OpenAPI, connectwise_exchanges: list[Exchange]) -> None:
        made = next(e for e in connectwise_exchanges if e.method == "POST" and e.path.endswith("/schedule/entries"))
        request = request_of(made)
        request.body = json.dumps({**made.body, "dateBegin": made.body["dateStart"]}).encode()

        with pytest.raises(Exception, match="Request body validation error"):
            schema.validate_request(request)
