"""A firm with a provider of its own, and how it is connected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from django.test import Client

from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.single_sign_on import (
    OidcSettings,
    SamlSettings,
    note_test,
    save_single_sign_on,
    switch_single_sign_on,
)
from slotdesk.domain.tenants.models import Account, Role
from slotdesk.domain.tenants.scope import active
from tests.sign_in.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider

NOW = datetime(2027, 5, 3, 13, tzinfo=UTC)


@dataclass
class Firm:
    """An account whose people sign in through the provider."""

    account: Account
    provider: Provider
    single_sign_on: SingleSignOn

    @property
    def protocol(self) -> str:
        return str(self.single_sign_on.protocol)

    def begin(self, browser: Client, **query: str) -> str:
        """Go to the provider; return its address with all that we ask of it."""
        answer = browser.get(f"/accounts/{self.protocol}/{self.single_sign_on.public_id}/login/", query)
        assert answer.status_code == 302, answer.content
        return str(answer.headers["Location"])

    def come_back(self, browser: Client, asked: str) -> Any:
        """What the browser sees after the provider has signed the person in. OpenID Connect only."""
        back = httpx.get(asked).headers["Location"]
        return browser.get(back.removeprefix("http://localhost"))

    def sign_in(self, browser: Client, **query: str) -> Any:
        return self.come_back(browser, self.begin(browser, **query))

    def change(self, **fields: Any) -> None:
        with active(self.account):
            SingleSignOn.objects.update(**fields)


def connect(account: Account, values: OidcSettings | SamlSettings, *, domains: list[str] | None = None) -> SingleSignOn:
    """Set it up, have it tried, and turn it on. Somebody who is new becomes a user."""
    is_oidc = isinstance(values, OidcSettings)
    with active(account):
        boss = Role.objects.get(key="administrator")
        single_sign_on = save_single_sign_on(
            account=account,
            protocol=SingleSignOn.Protocol.OIDC if is_oidc else SingleSignOn.Protocol.SAML,
            vendor=SingleSignOn.Vendor.OTHER,
            label="Summit ID",
            values=values,
            domains=domains or ["summit.example"],
            default_role=Role.objects.get(key="user"),
            by=boss,
            actor="Alex",
            now=NOW,
        )
        note_test(single_sign_on, actor="Alex", now=NOW)
        switch_single_sign_on(account=account, is_on=True, is_required=False, by=boss, actor="Alex", now=NOW)
    return single_sign_on


def oidc(provider: Provider, secret: str = CLIENT_SECRET) -> OidcSettings:
    return OidcSettings.model_validate({"server_url": provider.url, "client_id": CLIENT_ID, "client_secret": secret})


def saml(provider: Provider) -> SamlSettings:
    return SamlSettings.model_validate(
        {
            "entity_id": f"{provider.url}/saml",
            "sso_url": f"{provider.url}/saml/sso",
            "slo_url": f"{provider.url}/saml/slo",
            "certificate": provider.keys.certificate,
        }
    )
