"""
A firm whose people sign in through its provider.

Rows are imported where they are made: pytest reads this file before the root's has set Django up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.sign_in.identity_provider import CLIENT_ID, Provider, running

if TYPE_CHECKING:
    from slotdesk.domain.tenants.models import Account
    from tests.sign_in.firm import Firm


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    running_provider.audience, running_provider.ends_sessions = CLIENT_ID, True
    running_provider.ended.clear()
    running_provider.person = {
        "sub": "person-1",
        "email": "dana@summit.example",
        "email_verified": True,
        "name": "Dana Field",
    }
    return running_provider


@pytest.fixture
def account(transactional_db: None) -> Account:
    from django.core.cache import cache

    from tests.support.factories import make_account

    cache.clear()
    return make_account("Summit MSP", slug="summit")


@pytest.fixture
def firm(account: Account, provider: Provider) -> Firm:
    from tests.sign_in.firm import Firm, connect, oidc

    return Firm(account, provider, connect(account, oidc(provider)))


@pytest.fixture
def saml_firm(account: Account, provider: Provider) -> Firm:
    from tests.sign_in.firm import Firm, connect, saml

    return Firm(account, provider, connect(account, saml(provider)))
