"""A real browser on the booking page, and another client at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django.db import connections
from playwright.sync_api import Page

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.links.proofs import code_of
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.browser import lent_chromium
from tests.support.factories import NOW, make_request

_T = TypeVar("_T")


@contextmanager
def open_browser(**options: Any) -> Iterator[Page]:
    """
    Yield a page of a new profile, an American's in New York unless said. Errors of its scripts fail the test.

    While it is open this thread runs the browser's loop and must not ask the database: make rows before, or elsewhere.
    """
    errors: list[str] = []
    settings = {"locale": "en-US", "timezone_id": "America/New_York", "viewport": {"width": 1280, "height": 900}}
    with lent_chromium() as browser:
        page = browser.new_context(**(settings | options)).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_default_timeout(15_000)
        yield page
    assert errors == []


def elsewhere(task: Callable[[], _T]) -> _T:
    """Do it in a thread with a database connection of its own, as another client's request would."""

    def run() -> _T:
        try:
            return task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def take_slot(request: SchedulingRequest, starts_at: datetime) -> None:
    """Somebody else books this time of the same people."""

    def book() -> None:
        with active(request.account):
            agents = [item.agent for item in request.resources.select_related("agent") if item.agent is not None]
            other = make_request(request.appointment_type, agents, name="Somebody Else")
            book_slot(request=other, starts_at=starts_at, answers=Answers("UTC", "Somebody Else"), key="other", now=NOW)

    elsewhere(book)


def code_that_was_sent() -> str:
    """The code that was asked for last, as if its e-mail had come."""

    def send() -> str:
        with all_accounts():
            proof = EmailProof.objects.latest("id")
            EmailProof.objects.filter(pk=proof.pk).update(state=EmailProof.State.SENT)
            return code_of(proof)

    return elsewhere(send)
