"""Signed links: made, found by their signature alone, taken back, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.signing import Signer

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.booking import NotOffered
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.making import LONGEST, BadPeriod, Purpose, make_signed_link, revoke_signed_link
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.links.signed import (
    State,
    address_of,
    find_signed,
    links_of,
    list_signed,
    list_signed_of_ticket,
    may_revoke,
    sign,
    state_of,
)
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.ports.psa import Named, Ticket, TicketRef
from tests.support import links as made_here
from tests.support.factories import NOW, make_account, make_agent, make_type
from tests.support.members import make_member

pytestmark = pytest.mark.django_db(transaction=True)

_DAY = timedelta(days=1)
NINA = Client("Nina New", "nina@newcomer.example", company="Newcomer Ltd")
TICKET = Ticket(
    ref=TicketRef("service_ticket", "4711"),
    number="4711",
    summary="The printer",
    board=Named("1", "Service"),
    status=Named("1", "New"),
    is_closed=False,
    url="https://psa.example/4711",
)


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def agent(account: Account) -> Agent:
    return make_agent(account, slug="jordan")


@pytest.fixture
def kind(account: Account) -> AppointmentType:
    return make_type(account, slug="call", shareable="activity")


@pytest.fixture
def link(account: Account, agent: Agent, kind: AppointmentType) -> Link:
    return Link(account, (agent,), kind)


def make(link: Link, purpose: Purpose | None = None, *, days: float = 30, opens_in: int | None = None) -> SignedLink:
    """Without a PSA: nobody has one here."""
    from slotdesk.domain.connections.models import Connection

    Connection.objects.all().delete()
    return make_signed_link(
        link=link,
        purpose=purpose or Purpose(NINA),
        opens_at=None if opens_in is None else NOW + opens_in * _DAY,
        expires_at=NOW + days * _DAY,
        maker=None,
        actor="Jordan Doe",
        now=NOW,
    )


class TestMaking:
    def test_keeps_for_whom_and_tells_the_audit_log_without_saying_it(self, link: Link) -> None:
        made = make(link)

        event = Event.objects.get(kind="signed_link.made")
        assert (made.name, made.email, made.company) == ("Nina New", "nina@newcomer.example", "Newcomer Ltd")
        assert (event.subject, event.actor, event.data["for"]) == (made.public_id, "Jordan Doe", "client")
        assert "nina" not in str(event.data)
        assert sign(made).partition(".")[2] not in str(event.data)

    def test_for_a_ticket_needs_no_shareable_links(self, link: Link) -> None:
        link.appointment_type.shareable = "off"

        made = make(link, Purpose(NINA, TICKET))

        assert (made.ticket_number, made.ticket_summary) == ("4711", "The printer")

    def test_for_a_client_does(self, link: Link) -> None:
        link.appointment_type.shareable = "off"

        with pytest.raises(NotOffered):
            make(link)

    @pytest.mark.parametrize(("days", "opens_in"), [(0, None), (-1, None), (3, 3), (3, 5), (LONGEST.days + 1, None)])
    def test_takes_no_period_that_is_none_or_too_long(self, link: Link, days: int, opens_in: int | None) -> None:
        with pytest.raises(BadPeriod):
            make(link, days=days, opens_in=opens_in)

        assert not SignedLink.objects.exists()


class TestItsState:
    def test_follows_the_clock_to_the_second(self, link: Link) -> None:
        made = make(link, opens_in=2, days=3)
        second = timedelta(seconds=1)

        assert [
            state_of(made, now=NOW + moment)
            for moment in (2 * _DAY - second, 2 * _DAY, 3 * _DAY - second, 3 * _DAY, 9 * _DAY)
        ] == [State.EARLY, State.OPEN, State.OPEN, State.EXPIRED, State.EXPIRED]

    def test_is_revoked_whatever_the_clock_says(self, link: Link) -> None:
        made = make(link)

        revoke_signed_link(signed=made, actor="Alex", now=NOW)
        revoke_signed_link(signed=made, actor="Alex", now=NOW + _DAY)

        made.refresh_from_db()
        assert state_of(made, now=NOW + 99 * _DAY) == State.REVOKED
        assert made.revoked_at == NOW
        assert Event.objects.filter(kind="signed_link.revoked").count() == 1


class TestTheSignature:
    def test_finds_the_link_and_its_address_leads_there(self, link: Link) -> None:
        made = make(link)

        found = find_signed(link, sign(made))

        assert found == made
        assert address_of(made, link).endswith(f"/jordan/call/?s={sign(made)}")

    def test_cannot_be_made_from_what_is_stored(self, link: Link) -> None:
        made = make(link)

        for text in (made.public_id, f"{made.public_id}.", Signer(sep=".").sign(made.public_id), ""):
            assert find_signed(link, text) is None

    def test_is_not_good_for_others_of_the_same_account(self, link: Link, account: Account) -> None:
        text = sign(make(link))
        other_type = make_type(account, slug="other", shareable="activity")
        other_agent = make_agent(account, "Maria Schmidt", slug="maria")

        assert find_signed(Link(account, link.resources, other_type), text) is None
        assert find_signed(Link(account, (other_agent,), link.appointment_type), text) is None
        assert find_signed(Link(account, (*link.resources, other_agent), link.appointment_type), text) is None
        assert find_signed(link, text, ticket_number="4711") is None

    def test_is_good_under_a_new_address_part(self, link: Link, agent: Agent) -> None:
        text = sign(make(link))
        agent.slug = "jordan-doe"
        agent.save()

        assert find_signed(link, text) is not None

    def test_dies_with_its_row(self, link: Link) -> None:
        text = sign(make(link))

        SignedLink.objects.all().delete()

        assert find_signed(link, text) is None


class TestLists:
    def test_show_members_their_own_and_whoever_sees_all_everybodys(
        self, account: Account, agent: Agent, kind: AppointmentType
    ) -> None:
        mine, theirs = make_member(account, "user"), make_member(account, "user")
        for maker in (mine, theirs, None):
            made_here.make_signed_link(kind, [agent], maker=maker)

        assert [each.maker for each in list_signed(mine)] == [mine]
        assert list_signed(make_member(account, "dispatcher")).count() == 3

    def test_of_a_ticket_leave_out_what_is_over(self, agent: Agent, kind: AppointmentType) -> None:
        ticket = {"ticket_number": "4711", "ticket_kind": "service_ticket", "ticket_id": "4711"}
        alive = made_here.make_signed_link(kind, [agent], **ticket)
        made_here.make_signed_link(kind, [agent], **ticket, revoked_at=NOW)
        made_here.make_signed_link(kind, [agent], **ticket, expires_at=NOW)
        made_here.make_signed_link(kind, [agent], **ticket | {"ticket_id": "4712"})

        assert list_signed_of_ticket(TICKET.ref, now=NOW) == [alive]
        assert list_signed_of_ticket(TicketRef("project_ticket", "4711"), now=NOW) == []

    def test_say_which_lead_nowhere_now(self, account: Account, agent: Agent, kind: AppointmentType) -> None:
        from slotdesk.domain.catalog.models import TypeResource

        gone = make_agent(account, "Gone Person", is_schedulable=False)
        other = make_agent(account, "Other Person")
        made = [made_here.make_signed_link(kind, asked) for asked in ([agent], [agent, gone], [other])]
        TypeResource.objects.create(appointment_type=kind, agent=agent)

        leads = links_of(SignedLink.objects.order_by("id"))

        assert list(leads) == [made[0].pk]
        assert leads[made[0].pk].resources == (agent,)


class TestTakingBack:
    def test_is_for_whoever_made_it_and_for_those_who_cancel_for_all(
        self, account: Account, agent: Agent, kind: AppointmentType
    ) -> None:
        maker, colleague = make_member(account, "user"), make_member(account, "user")
        dispatcher, finance = make_member(account, "dispatcher"), make_member(account, "finance")
        made = made_here.make_signed_link(kind, [agent], maker=maker)
        nobodys = made_here.make_signed_link(kind, [agent])

        members = (maker, colleague, dispatcher, finance)
        assert [may_revoke(each.role, made, member=each) for each in members] == [True, False, True, False]
        assert [may_revoke(each.role, nobodys, member=each) for each in members] == [True, True, True, False]
        assert not may_revoke(maker.role, made, member=None)
