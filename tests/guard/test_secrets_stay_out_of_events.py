"""
No secret reaches the audit log: every operation with one is walked, and then every event is read.

A new operation with a secret is added to WALKS; a new integration is looked at by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from pydantic import SecretStr

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.connections.credentials import say_changes, unseal
from slotdesk.domain.connections.operations import note_failure, save_connection, subscribe_to_changes
from slotdesk.domain.connections.registry import get_manifest, manifests
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.invitations import (
    accept_invitation,
    find_invitation,
    invitation_link,
    renew_invitation,
    revoke_invitation,
)
from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.second_factor import reset_second_factor
from slotdesk.domain.sign_in.single_sign_on import (
    OidcSettings,
    SamlSettings,
    note_test,
    save_single_sign_on,
    switch_single_sign_on,
)
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports import errors
from tests.support.factories import NOW, make_invitation, make_request, make_type
from tests.support.members import make_member, sign_in
from tests.support.psa import Desk, make_desk

pytestmark = pytest.mark.django_db(transaction=True)

MARK = "Zx9-a-secret-that-nobody-may-read"
PASSWORD = f"{MARK}-password"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(transactional_db: None, sandbox: Sandbox) -> Iterator[Desk]:
    desk = make_desk(sandbox)
    with active(desk.account):
        yield desk


def connect_the_psa(desk: Desk) -> list[str]:
    """Connected anew, changed, hooked up, and refused."""
    model = get_manifest("connectwise").settings
    stored: Any = unseal(model, desk.connection.settings)
    account, connection = desk.account, desk.connection
    changed = model.model_validate(stored.model_dump() | {"entry_type": "C"})
    save_connection(account=account, kind="connectwise", values=changed, actor="Alex", now=NOW)
    subscribe_to_changes(connection=connection, url=f"https://slotdesk.example/hooks/{connection.public_id}/")
    note_failure(connection=connection, error=errors.NotAuthorized("The PSA refused the keys."), now=NOW)
    desk.agent.calendars.all().delete()
    connection.delete()
    save_connection(account=account, kind="connectwise", values=stored, actor="Alex", now=NOW)
    return [stored.private_key.get_secret_value(), f"{stored.company_id}+{stored.public_key}:"]


def sign_in_through_the_firm(desk: Desk) -> list[str]:
    """By OpenID Connect, with another secret, then by SAML."""
    oidc = {"server_url": "https://id.example", "client_id": "slotdesk"}
    saml = {"entity_id": "https://id.example/saml", "sso_url": "https://id.example/sso", "certificate": f"{MARK}-cert"}
    protocols, boss = SingleSignOn.Protocol, Role.objects.get(key="administrator")
    for protocol, values in (
        (protocols.OIDC, OidcSettings.model_validate(oidc | {"client_secret": f"{MARK}-1"})),
        (protocols.OIDC, OidcSettings.model_validate(oidc | {"client_secret": f"{MARK}-2"})),
        (protocols.SAML, SamlSettings.model_validate(saml)),
    ):
        single_sign_on = save_single_sign_on(
            account=desk.account,
            protocol=protocol,
            vendor=SingleSignOn.Vendor.OTHER,
            label="Summit ID",
            values=values,
            domains=["summit.example"],
            default_role=Role.objects.get(key="user"),
            by=boss,
            actor="Alex",
            now=NOW,
        )
    note_test(single_sign_on, actor="Alex", now=NOW)
    switch_single_sign_on(account=desk.account, is_on=True, is_required=False, by=boss, actor="Alex", now=NOW)
    return [MARK, str(single_sign_on.settings)]


def invite_somebody(desk: Desk) -> list[str]:
    """Invited, invited again, accepted with a password; and another one taken back."""
    giver, now = Role.objects.get(key="administrator"), datetime.now(UTC)
    first = make_invitation(desk.account, now=now)
    links = [invitation_link(first)]
    renew_invitation(invitation=first, by=giver, actor="Alex", now=now + timedelta(minutes=1))
    first.refresh_from_db()
    links.append(invitation_link(first))
    found = find_invitation(_secret_of(links[-1]))
    assert found is not None
    accept_invitation(invitation=found, user=None, name="Ann", password=PASSWORD, now=now + timedelta(minutes=2))
    other = make_invitation(desk.account, "bo@summit.example", now=now)
    links.append(invitation_link(other))
    revoke_invitation(invitation=other, actor="Alex", now=now)
    return [PASSWORD, first.digest, *map(_secret_of, links)]


def lose_a_second_factor(desk: Desk) -> list[str]:
    boss, member = make_member(desk.account), make_member(desk.account, "user")
    data = {"secret": f"{MARK}-totp"}
    Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data=data)
    Authenticator.objects.create(user=member.user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": MARK})
    reset_second_factor(member=member, by=boss, actor=Actor("Alex"), now=NOW)
    return [MARK]


def change_a_password(desk: Desk) -> list[str]:
    """By the sign-in's own page, with a wrong one first."""
    member = make_member(desk.account, "user")
    member.user.set_password("correct horse battery")
    member.user.save()
    browser = Client(HTTP_HOST="localhost")
    sign_in(browser, member.user)
    for old in (f"{MARK}-wrong", "correct horse battery"):
        browser.post("/accounts/password/change/", {"oldpassword": old, "password1": PASSWORD, "password2": PASSWORD})
    member.user.refresh_from_db()
    assert member.user.check_password(PASSWORD)
    return [MARK, "correct horse battery", member.user.password]


def ask_and_book(desk: Desk) -> list[str]:
    """The secret in the client's link, and the key that the client's form sends along."""
    kind = make_type(desk.account, notice_amount=0)
    desk.agent.calendars.update(is_blocking=False, synced_at=NOW, read_until=NOW + timedelta(days=90))
    request = make_request(kind, [desk.agent])
    starts_at = NOW + timedelta(days=1, hours=1)
    book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", ""), key=f"{MARK}-key", now=NOW)
    return [SchedulingRequest.objects.get().token, MARK]


def _secret_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True)
class Walk:
    """An operation with secrets, and the events that tell of it."""

    walk: Callable[[Desk], list[str]]
    told: frozenset[str]


WALKS = (
    Walk(connect_the_psa, frozenset({"connection.connected", "connection.changed", "connection.broken"})),
    Walk(
        sign_in_through_the_firm,
        frozenset({"single_sign_on.saved", "single_sign_on.tested", "single_sign_on.switched"}),
    ),
    Walk(invite_somebody, frozenset({"invitation.sent", "invitation.renewed", "invitation.revoked", "member.joined"})),
    Walk(lose_a_second_factor, frozenset({"user.second_factor_reset"})),
    Walk(change_a_password, frozenset()),
    Walk(ask_and_book, frozenset({"request.created", "appointment.booked"})),
)


class TestEvents:
    @pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.walk.__name__)
    def test_hold_no_secret_of_what_they_tell(self, desk: Desk, walk: Walk) -> None:
        secrets = walk.walk(desk)

        with all_accounts():
            rows = list(Event.objects.values())
        assert walk.told <= {row["kind"] for row in rows}
        told = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False)
        assert all(len(secret) >= 8 for secret in secrets)
        assert [secret for secret in secrets if secret in told or json.dumps(secret)[1:-1] in told] == []


class TestEveryIntegration:
    @pytest.mark.parametrize("kind", sorted(manifests()))
    def test_says_of_its_secrets_only_that_they_changed(self, kind: str) -> None:
        model = get_manifest(kind).settings
        secret = [name for name, field in model.model_fields.items() if "SecretStr" in str(field.annotation)]
        plain: dict[str, Any] = {name: "x" for name in model.model_fields if name not in secret}
        nothing: dict[str, Any] = dict.fromkeys(secret)
        none = model.model_construct(**plain | nothing)
        one, other = (
            model.model_construct(**plain | {name: SecretStr(f"{MARK}-{number}") for name in secret})
            for number in (1, 2)
        )

        for before, after in ((None, one), (none, one), (one, other), (one, none)):
            told = json.dumps(say_changes(before, after))
            assert MARK not in told
            assert all(name in told for name in secret)
