"""
One client's link, and the clock that these tests stand on.

Rows are imported where they are made: pytest reads this file before the root's has set Django up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from django.test import Client

    from sandbox.connectwise.server import Sandbox
    from slotdesk.domain.booking.models import SchedulingRequest
    from slotdesk.domain.catalog.models import AppointmentType
    from slotdesk.domain.people.models import Agent
    from slotdesk.domain.tenants.models import Account
    from tests.support.psa import Desk


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """It is Monday, 3 May 2027, 09:00 in New York."""
    from tests.support.factories import NOW

    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def account() -> Account:
    from tests.support.factories import make_account

    return make_account(support_phone="(212) 555-0142")


@pytest.fixture
def agent(account: Account) -> Agent:
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_agent

    with active(account):
        return make_agent(account, "Maria Schmidt")


@pytest.fixture
def invited(account: Account, agent: Agent) -> SchedulingRequest:
    """Ana Ruiz may book half an hour with Maria, from 11:00 on."""
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_request, make_type

    with active(account):
        return make_request(make_type(account), [agent])


@pytest.fixture
def browser() -> Client:
    """A browser with American habits that checks forgery tokens, as the real site does."""
    from django.test import Client

    return Client(headers={"accept-language": "en-US"}, enforce_csrf_checks=True)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    from sandbox.connectwise.server import Options, running

    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(sandbox: Sandbox) -> Desk:
    """An account with a PSA that answers; Jordan's links begin with /jordan/."""
    from django.core.cache import cache

    from slotdesk.domain.tenants.scope import active
    from tests.support.psa import make_desk

    cache.clear()
    desk = make_desk(sandbox)
    with active(desk.account):
        desk.agent.slug = "jordan"
        desk.agent.save()
    return desk


@pytest.fixture
def kind(desk: Desk) -> AppointmentType:
    """A call that anybody can book, without proving anything."""
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_type

    with active(desk.account):
        board = desk.sandbox.store.all("boards")[0]
        return make_type(
            desk.account,
            slug="call",
            shareable="ticket",
            board_id=str(board["id"]),
            checks_email=False,
            asks_guests=False,
        )
