"""
A PSA that answers, and an account connected to it.

Rows are imported where they are made: pytest reads this file before the root's has set Django up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from sandbox.connectwise.server import Options, Sandbox, running

if TYPE_CHECKING:
    from tests.support.psa import Desk


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(db: None, sandbox: Sandbox) -> Iterator[Desk]:
    """Its account is active, and nobody has failed to prove anything yet."""
    from django.core.cache import cache

    from slotdesk.domain.tenants.scope import active
    from tests.support.psa import make_desk

    cache.clear()
    desk = make_desk(sandbox)
    with active(desk.account):
        yield desk
