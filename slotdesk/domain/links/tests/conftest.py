"""Somebody who has no hours yet, so that nothing of theirs is free, and an invitation to book with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from slotdesk.domain.booking.models import SchedulingRequest
    from slotdesk.domain.catalog.models import AppointmentType
    from slotdesk.domain.people.models import Agent
    from slotdesk.domain.tenants.models import Account


@pytest.fixture
def account(db: None) -> Iterator[Account]:
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_account

    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def maria(account: Account) -> Agent:
    from tests.support.factories import make_agent

    return make_agent(account, "Maria Schmidt", slug="maria", hours=[])


@pytest.fixture
def kind(account: Account) -> AppointmentType:
    from tests.support.factories import make_type

    return make_type(account, slug="call", shareable="ticket", checks_email=False)


@pytest.fixture
def invited(kind: AppointmentType, maria: Agent) -> SchedulingRequest:
    from tests.support.factories import make_request

    return make_request(kind, [maria])
