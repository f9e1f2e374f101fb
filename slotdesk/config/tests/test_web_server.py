"""The web server that `slotdesk web` runs, as an installation does."""

from __future__ import annotations

import contextlib
import http.client
import urllib.parse
import urllib.request

import pytest

from tests.support.database import database_of_this_test
from tests.support.web_server import web_server

MANY = 200


class TestConnections:
    @pytest.mark.django_db(transaction=True)
    def test_that_browsers_keep_open_lock_nobody_out(self) -> None:
        with web_server(database_of_this_test()) as address, contextlib.ExitStack() as open_ones:
            where = urllib.parse.urlsplit(address)
            for _ in range(MANY):
                browser = http.client.HTTPConnection(where.netloc, timeout=60)
                open_ones.callback(browser.close)
                browser.request("GET", "/healthz")
                answer = browser.getresponse()
                answer.read()
                assert not answer.will_close

            with urllib.request.urlopen(f"{address}/healthz", timeout=60) as answer:
                assert answer.status == 200
