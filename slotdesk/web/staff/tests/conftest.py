"""
An account with somebody of every role, and the clock that these tests stand on.

Rows are imported where they are made: pytest reads this file before the root's has set Django up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A PSA of its own for the file that asks for it."""
    from sandbox.connectwise.server import Options, running

    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(db: None, sandbox: Sandbox) -> Iterator[Desk]:
    """An account that is connected to it, and active."""
    from slotdesk.domain.tenants.scope import active
    from tests.support.psa import make_desk

    desk = make_desk(sandbox)
    with active(desk.account):
        yield desk


@pytest.fixture
def account(db: None) -> Iterator[Account]:
    """The active account."""
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_account

    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    from tests.support.factories import make_agent

    return make_agent(account, "Maria Schmidt")


@pytest.fixture
def half_hour(account: Account) -> AppointmentType:
    from tests.support.factories import make_type

    return make_type(account)


@pytest.fixture
def request_(half_hour: AppointmentType, agent: Agent) -> SchedulingRequest:
    """Ana Ruiz is asked to book half an hour with Maria."""
    from tests.support.factories import make_request

    return make_request(half_hour, [agent])


@pytest.fixture
def sign_in(account: Account) -> Callable[[str], Client]:
    """Return the browser of a new member with the role."""
    from tests.support.members import signed_in

    return lambda role: signed_in(account, role)
