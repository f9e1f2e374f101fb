"""The list of requests as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import make_account, make_agent, make_request, make_type

SignIn = Callable[[str], Client]


def rows(browser: Client, query: str = "") -> list[dict[str, str]]:
    answer: Any = browser.get(f"/app/requests/csv/{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestExport:
    def test_has_what_the_list_shows_newest_first(
        self, half_hour: AppointmentType, agent: Agent, sign_in: SignIn
    ) -> None:
        make_request(half_hour, [agent])
        late = make_request(half_hour, [agent], name="Bo Late", email="bo@client.example")
        SchedulingRequest.objects.filter(pk=late.pk).update(campaign={"utm_source": "newsletter"}, ticket_number="7")

        first, second = rows(sign_in("administrator"))

        assert (first["client"], first["campaign"], first["ticket"]) == ("Bo Late", "utm_source=newsletter", "7")
        assert (second["client"], second["with"], second["status"]) == ("Ana Ruiz", "Maria Schmidt", "New")
        assert second["created (UTC)"] == "2027-05-03 13:00"

    def test_is_narrowed_as_the_list_is(self, half_hour: AppointmentType, agent: Agent, sign_in: SignIn) -> None:
        make_request(half_hour, [agent])
        make_request(half_hour, [agent], name="Bo Late", email="bo@client.example")

        assert [row["client"] for row in rows(sign_in("administrator"), "?q=Bo")] == ["Bo Late"]

    def test_lets_no_formula_in(self, half_hour: AppointmentType, agent: Agent, sign_in: SignIn) -> None:
        make_request(half_hour, [agent], name="=HYPERLINK(1)")

        (row,) = rows(sign_in("administrator"))

        assert not row["client"].startswith("=")

    def test_holds_nothing_of_others(
        self, half_hour: AppointmentType, agent: Agent, account: Account, sign_in: SignIn
    ) -> None:
        make_request(half_hour, [agent])
        browser = sign_in("user")
        other = make_account("Other MSP")
        with active(other):
            make_request(make_type(other), [make_agent(other)], name="Somebody Else")

        # A technician who is asked for nothing has nothing to take along, and other accounts' never.
        assert rows(browser) == []
        assert [row["client"] for row in rows(sign_in("administrator"))] == ["Ana Ruiz"]
