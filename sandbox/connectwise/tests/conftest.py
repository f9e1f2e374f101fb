"""A stand-in per test, on a port of its own, and a client that holds the demo keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from sandbox.connectwise import constants
from sandbox.connectwise.server import Options, Sandbox, running

TODAY = date(2027, 3, 1)  # a Monday, two weeks before the clocks change in the US


def client_for(sandbox: Sandbox, **headers: str) -> httpx.Client:
    """A client of the API with the demo keys."""
    return httpx.Client(
        base_url=sandbox.api_url,
        auth=(f"{constants.COMPANY_ID}+{constants.PUBLIC_KEY}", constants.PRIVATE_KEY),
        headers={"clientId": constants.CLIENT_ID, **headers},
        trust_env=False,
    )


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", today=TODAY, callback_waits=(0.0, 0.0), rate_limit=0)) as started:
        yield started


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with client_for(sandbox) as client:
        yield client
