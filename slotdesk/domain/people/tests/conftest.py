"""
Accounts with members.

Rows are imported where they are made: pytest reads this file before the root's has set Django up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from slotdesk.domain.tenants.models import Account, Membership


@pytest.fixture
def account(db: None) -> Iterator[Account]:
    """The active account."""
    from slotdesk.domain.tenants.scope import active
    from tests.support.factories import make_account

    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def boss(account: Account) -> Membership:
    """The account's only administrator."""
    from tests.support.members import make_member

    return make_member(account)
