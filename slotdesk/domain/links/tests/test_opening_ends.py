"""When nobody need be told any more that a time opens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from slotdesk.domain.booking.client import change_client
from slotdesk.domain.booking.invitations import Client, cancel_request, close_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.booking import Wish, book_shareable
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import WAITS_FOR, SignedLink
from slotdesk.domain.links.openings import (
    stop_alerts,
)
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import (
    NOW,
    make_type,
)
from tests.support.links import make_signed_link
from tests.support.openings import SOON, ask, ask_at, ending_of, history, look, open_hours, told

pytestmark = pytest.mark.django_db

ELEVEN = NOW + timedelta(hours=2)
_DAY = timedelta(days=1)


class TestEnd:
    def test_comes_with_a_booking(self, invited: SchedulingRequest, maria: Agent) -> None:
        alert = ask(invited)
        open_hours(maria)
        book_slot(request=invited, starts_at=ELEVEN, answers=Answers("UTC", "Ana"), key="k", now=NOW)

        look()

        assert (ending_of(alert), told()) == ("booked", [])

    def test_comes_with_a_booking_by_the_link(self, account: Account, maria: Agent, kind: AppointmentType) -> None:
        link = Link(account, (maria,), kind)
        alert, other = ask_at(link), ask_at(link, "other@client.example")
        open_hours(maria)
        client = Client("Nina", "Nina@Newcomer.example")
        book_shareable(link, Wish(client, ELEVEN, Answers("UTC", "Nina"), "k" * 16, NOW))

        look()

        assert (ending_of(alert), ending_of(other)) == ("booked", "told")

    @pytest.mark.parametrize("end", [cancel_request, close_request])
    def test_comes_with_the_request_s(self, invited: SchedulingRequest, maria: Agent, end: Any) -> None:
        alert = ask(invited)
        open_hours(maria)
        end(request=invited, actor="Maria", now=NOW)

        look()

        assert (ending_of(alert), told()) == ("closed", [])

    def test_comes_when_the_request_is_somebody_else_s(self, invited: SchedulingRequest, maria: Agent) -> None:
        alert = ask(invited)
        open_hours(maria)
        change_client(request=invited, client=Client("Bo", "bo@client.example"), actor="Maria", now=NOW)

        look()

        assert (ending_of(alert), told()) == ("closed", [])

    @pytest.mark.parametrize("change", [{"is_archived": True}, {"shareable": "off"}, {"slug": ""}])
    def test_comes_when_the_link_is_turned_off(
        self, account: Account, maria: Agent, kind: AppointmentType, change: dict[str, Any]
    ) -> None:
        alert = ask_at(Link(account, (maria,), kind))
        open_hours(maria)
        AppointmentType.objects.filter(pk=kind.pk).update(**change)

        look()

        assert (ending_of(alert), told()) == ("off", [])

    @pytest.mark.parametrize(
        ("change", "ending"), [({"revoked_at": NOW}, "off"), ({"expires_at": SOON}, "expired"), ({}, "told")]
    )
    def test_comes_with_that_of_a_signed_link(
        self, account: Account, maria: Agent, kind: AppointmentType, change: dict[str, Any], ending: str
    ) -> None:
        signed = make_signed_link(kind, [maria])
        alert = ask_at(Link(account, (maria,), kind), signed.email, signed=signed)
        open_hours(maria)
        SignedLink.objects.filter(pk=signed.pk).update(**change)

        look()

        assert ending_of(alert) == ending

    def test_comes_with_the_person_s(self, account: Account, maria: Agent, kind: AppointmentType) -> None:
        alert = ask_at(Link(account, (maria,), kind))
        Agent.objects.filter(pk=maria.pk).update(is_active=False)

        look()

        assert ending_of(alert) == "off"

    def test_does_not_come_while_somebody_cannot_be_booked_for_now(
        self, account: Account, maria: Agent, kind: AppointmentType
    ) -> None:
        alert = ask_at(Link(account, (maria,), kind))
        open_hours(maria)
        Agent.objects.filter(pk=maria.pk).update(is_schedulable=False)
        look()
        nobody = told()

        Agent.objects.filter(pk=maria.pk).update(is_schedulable=True)
        look(SOON + timedelta(minutes=6))

        assert (nobody, ending_of(alert)) == ([], "told")

    def test_comes_after_thirty_days(self, invited: SchedulingRequest, maria: Agent) -> None:
        alert = ask(invited)
        open_hours(maria)

        look(NOW + WAITS_FOR)

        assert (ending_of(alert), told()) == ("expired", [])

    def test_comes_with_the_last_date_of_the_request(self, invited: SchedulingRequest) -> None:
        SchedulingRequest.objects.filter(pk=invited.pk).update(latest_date=NOW.date(), limits_zone="America/New_York")
        alert = ask(invited)

        look(NOW + timedelta(hours=14))
        still = ending_of(alert)
        look(NOW + timedelta(hours=16))

        assert (still, ending_of(alert)) == ("", "expired")

    def test_of_one_address_ends_all_that_it_waits_for(
        self, account: Account, maria: Agent, invited: SchedulingRequest
    ) -> None:
        alert = ask(invited)
        other = ask_at(Link(account, (maria,), make_type(account)), "ana@client.example")
        somebody = ask_at(Link(account, (maria,), make_type(account)), "bo@client.example")

        for _ in range(2):
            stop_alerts(alert=alert, now=SOON)

        assert [ending_of(each) for each in (alert, other, somebody)] == ["stopped", "stopped", ""]
        assert history(invited) == ["request.opening_asked", "request.opening_stopped"]
