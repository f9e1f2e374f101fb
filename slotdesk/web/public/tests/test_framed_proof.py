"""Whoever has entered a code inside another website is asked for none again there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.links.proof_mail import send_proof
from slotdesk.domain.links.proofs import code_of
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.embedding import save_websites
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_type

pytestmark = pytest.mark.django_db(transaction=True)

FRAMED = {"sec-fetch-dest": "iframe"}
COOKIE = "__Host-slotdesk-proved"


@pytest.fixture(autouse=True)
def call(account: Account, agent: Agent) -> None:
    """A call with Maria, who can be booked from another website by whoever proves their address."""
    cache.clear()
    with active(account):
        save_websites(account=account, websites=["https://www.summit.example"], actor="Alex", now=NOW)
        Agent.objects.update(slug="maria")
        make_type(account, slug="call", shareable="activity", checks_email=True)


def book(browser: Client, hour: int, *, secure: bool = True, headers: Mapping[str, str] = FRAMED) -> Any:
    """Nina New asks for this hour of the day in New York."""
    starts_at = NOW + timedelta(hours=hour - 9)
    answers = {"start": int(starts_at.timestamp()), "name": "Nina New", "email": "nina@newcomer.example"}
    return browser.post("/maria/call/booking/", answers, secure=secure, headers=headers)


def prove(browser: Client, account: Account, hour: int, *, secure: bool = True) -> Any:
    """The same, with the code that she was sent."""
    page = book(browser, hour, secure=secure).content.decode()
    proof_id = re.findall('name="proof" value="([^"]+)"', page)[0]
    with active(account):
        proof = EmailProof.objects.get(public_id=proof_id)
    send_proof(proof_id=proof.pk, now=NOW)
    answers = dict(re.findall('type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return browser.post("/maria/call/booking/", answers | {"code": code_of(proof)}, secure=secure, headers=FRAMED)


class TestProof:
    def test_is_kept_by_the_browser_for_this_website_alone(self, browser: Client, account: Account) -> None:
        answer = prove(browser, account, 11)

        said = answer.cookies[COOKIE].OutputString().split("; ")
        assert answer.status_code == 303
        assert {"HttpOnly", "Path=/", "SameSite=None", "Secure", "Partitioned"} <= set(said)
        assert book(browser, 12).status_code == 303

    def test_does_not_count_outside_of_frames(self, browser: Client, account: Account) -> None:
        prove(browser, account, 11)

        answer = book(browser, 12, headers={"sec-fetch-dest": "document"})

        assert "Look into your mailbox" in answer.content.decode()

    def test_is_not_kept_without_https(self, browser: Client, account: Account) -> None:
        answer = prove(browser, account, 11, secure=False)

        assert (answer.status_code, dict(answer.cookies)) == (303, {})
