"""
The active account: every query on an account's rows needs one, and sees that account's rows only.

A query outside of any scope raises, so a forgotten filter is an error and never a leak. Code that rightly looks across
accounts (the sweep, finding a request by its secret link) says so with `all_accounts`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from django_scopes import scope, scopes_disabled

from slotdesk.domain.tenants.models import Account


def active(account: Account) -> AbstractContextManager[None]:
    """Look at this account's rows only, in this thread, until the block ends."""
    return scope(account=account)  # type: ignore[no-any-return]


def all_accounts() -> AbstractContextManager[None]:
    """Look across accounts. Each use says why."""
    return scopes_disabled()  # type: ignore[no-any-return]
