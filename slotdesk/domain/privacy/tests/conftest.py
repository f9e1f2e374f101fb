"""
An account, active, and a client who has left traces everywhere.

Rows are imported where they are made: pytest reads this file before the root's has set Django up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from slotdesk.domain.booking.models import SchedulingRequest
    from slotdesk.domain.tenants.models import Account


@pytest.fixture
def account(transactional_db: None) -> Iterator[Account]:
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_account

    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def leave_traces(account: Account) -> Callable[..., SchedulingRequest]:
    """
    Return what makes a request of a client at a moment, booked, cancelled by them, mailed about, called about.

    Everything that says something about the client holds the mark.
    """
    from tests.support.traces import leave_traces

    def leave(now: datetime, mark: str = "zebra", *, is_cancelled: bool = True) -> SchedulingRequest:
        return leave_traces(account, now=now, mark=mark, is_cancelled=is_cancelled)

    return leave
