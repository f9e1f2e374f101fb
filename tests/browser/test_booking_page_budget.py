"""What the booking page costs a phone, as the real server sends it: bytes on the line, requests, nobody else asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.tenants.scope import active
from tests.browser.booking_page import open_browser
from tests.support.database import database_of_this_test
from tests.support.factories import make_account, make_agent, make_request, make_type
from tests.support.web_server import web_server

BUDGET_KB, MOST_REQUESTS = 60, 10
ALWAYS = [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "08:00", "end": "20:00"}]


@pytest.fixture
def request_(transactional_db: None) -> SchedulingRequest:
    """Every quarter of an hour, twelve hours a day: some 1,400 times in a month, far more than most have."""
    now, account = timezone.now(), make_account()
    with active(account):
        kind = make_type(account, window_amount=60, asks_guests=True)
        return make_request(kind, [make_agent(account, "Maria Schmidt", now=now, hours=ALWAYS)], now=now)


@pytest.fixture
def server(request_: SchedulingRequest) -> Iterator[str]:
    with web_server(database_of_this_test()) as address:
        yield address


class Line:
    """What goes over the line while a page is open."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.plain: list[str] = []
        self.bytes = 0.0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict[str, dict[str, object]]) -> None:
        answer = event["response"]
        self.addresses.append(str(answer["url"]))
        headers = {name.lower(): value for name, value in dict(answer["headers"]).items()}  # type: ignore[call-overload]
        if "content-encoding" not in headers:
            self.plain.append(str(answer["url"]))

    def _finished(self, event: dict[str, float]) -> None:
        self.bytes += event["encodedDataLength"]


class TestBookingPage:
    # Arabic takes two bytes a letter, and its zones have the longest names.
    @pytest.mark.parametrize("locale", ["en-US", "ar-EG"])
    def test_is_small_compressed_and_asks_nobody_else(
        self, server: str, request_: SchedulingRequest, locale: str
    ) -> None:
        link = f"{server}/schedule/{request_.token}/"
        tomorrow = (timezone.now() + timedelta(days=1)).replace(hour=15, minute=0, second=0, microsecond=0)
        pages = {"times": link, "form": f"{link}details/?start={int(tomorrow.timestamp())}"}
        costs = {}
        for name, address in pages.items():
            # In another zone than the account's, so that the times are asked for a second time.
            with open_browser(
                locale=locale, timezone_id="Europe/Berlin", viewport={"width": 375, "height": 667}
            ) as page:
                line = Line(page)
                page.goto(address)
                page.wait_for_load_state("networkidle")
                costs[name] = line

        for name, line in costs.items():
            print(f"{locale}, {name}: {line.bytes / 1024:.1f} kB")
            assert line.bytes < BUDGET_KB * 1024
            assert len(line.addresses) <= MOST_REQUESTS
            assert [address for address in line.addresses if not address.startswith(server)] == []
            # Too small to gain anything by it.
            assert [address for address in line.plain if ".css?" not in address and "icon." not in address] == []
        assert costs["times"].bytes > costs["form"].bytes > 5_000
