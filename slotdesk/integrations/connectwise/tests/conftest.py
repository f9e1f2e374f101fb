from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from sandbox.connectwise.server import Options, Sandbox, running

# Before the suite is imported, so that its assertions say what they saw.
for module in ("psa_reading", "psa_writing", "psa_people", "psa_activities", "psa_tickets", "psa_edges"):
    pytest.register_assert_rewrite(f"slotdesk.integrations.contract.{module}")

from tests.contracts.connectwise_world import ConnectWiseWorld  # noqa: E402


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def world(sandbox: Sandbox) -> Iterator[ConnectWiseWorld]:
    """A stand-in without panels and hooks; tickets and schedules of earlier tests may be there."""
    for collection in ("hostedSetups", "callbacks"):
        for doc in sandbox.store.all(collection):
            sandbox.store.remove(collection, doc["id"])
    with closing(ConnectWiseWorld(sandbox)) as world:
        yield world
