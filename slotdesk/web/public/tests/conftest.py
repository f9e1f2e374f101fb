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

    from slotdesk.domain.booking.models import SchedulingRequest
    from slotdesk.domain.people.models import Agent
    from slotdesk.domain.tenants.models import Account


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
