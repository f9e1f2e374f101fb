"""Links of every kind, to whoever has time, whoever has none, and whose calendar cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import time_machine
from django.test import Client
from django.utils import timezone

from sandbox.connectwise.server import Sandbox
from slotdesk.domain.booking.drafts import Client as Visitor
from slotdesk.domain.booking.invitations import cancel_request, close_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.links.booking import Wish, book_shareable
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.links.proofs import code_of
from slotdesk.domain.links.signed import sign
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.browser.test_booking_page_states import agent_out_of_reach
from tests.support.factories import NOW, make_account, make_agent, make_request, make_team, make_type
from tests.support.links import make_signed_link
from tests.support.psa import make_desk

ACCOUNT, SUPPORT = "Summit MSP", "help@summit.example"
SECRET = "Payroll server is down"
# What stays as it is in every language.
NAMES = (
    ACCOUNT, "North MSP", "Jordan Doe", "Lee Chan", "Robin Okafor", "Sam Unread", "Alex Away",
    "Help desk", "Night shift", "Nobody there",
    "Quick call", "Known call", "Checked call", "Hidden call", "Nina New", "Ana Ruiz", "Newcomer Ltd",
    "Slotdesk", "Google", "Outlook.com", "Microsoft 365", "Microsoft", "Yahoo", "UTC", SUPPORT,
    # A zone so new that no language knows it yet.
    "Coyhaique",
)  # fmt: skip
NINA, BUSY = "nina@newcomer.example", "busy@newcomer.example"
# On other dates in India than in New York.
OPENS_AT, EXPIRED_AT = NOW + timedelta(days=3, hours=6, minutes=20), NOW - timedelta(days=2, hours=-6)


@dataclass(frozen=True, slots=True)
class Address:
    """What follows the server's: of a link's first page."""

    path: str
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self._page("", {})

    def details(self, starts_at: datetime, email: str) -> str:
        """Of its form, with everything filled in."""
        start = str(int(starts_at.timestamp()))
        return self._page("details/", {"start": start, "name": "Nina New", "email": email, "key": f"key-{start:0>16}"})

    def _page(self, name: str, more: dict[str, str]) -> str:
        values = urlencode(self.values | more)
        return f"{self.path}{name}?{values}" if values else f"{self.path}{name}"


@dataclass(frozen=True, slots=True)
class World:
    """
    addresses  by name
    both       a request to everybody who has time, for somebody else to take theirs
    secrets    what the PSA says of the tickets
    """

    account: Account
    both: SchedulingRequest
    secrets: tuple[str, ...]
    addresses: dict[str, Address] = field(default_factory=dict)

    def add(self, name: str, path: str, **values: str) -> None:
        self.addresses[name] = Address(path, values)


def make_world(sandbox: Sandbox) -> World:
    """Two accounts: Summit, whose links have short addresses, and North, whose calendars do not answer."""
    desk = make_desk(sandbox, name=ACCOUNT, brand_color="#c0a000", support_phone="(212) 555-0142")
    with active(desk.account):
        desk.agent.slug = "jordan"
        desk.agent.save()
        Profile.objects.create(account=desk.account, most_open_bookings=1)
        lee = make_agent(desk.account, "Lee Chan", slug="lee")
        robin = make_agent(desk.account, "Robin Okafor", slug="robin", hours=[])
        make_team(desk.account, [desk.agent, lee], slug="help-desk")
        make_team(desk.account, [robin], internal_name="Night shift", slug="night-shift")
        call = _add_types(desk.account)
        tickets = [
            sandbox.store.put("tickets", desk.ticket(is_closed=is_closed) | {"summary": SECRET})
            for is_closed in (False, True)
        ]
        secrets = (SECRET, *(str(ticket["company"]["name"]) for ticket in tickets))
        world = World(desk.account, make_request(call, [desk.agent, lee]), secrets)
        open_ticket, closed_ticket = (str(ticket["id"]) for ticket in tickets)
        _add_requests(world, call, desk.agent, robin)
        _add_signed(world, call, desk.agent, robin, ticket=open_ticket, closed=closed_ticket)
        _add_passes(world, desk.agent, robin, ticket=open_ticket, closed=closed_ticket)
        away = make_agent(desk.account, "Alex Away", slug="alex", is_schedulable=False)
        _turn_pages_on(away, make_team(desk.account, [], internal_name="Nobody there", slug="day-shift"))
        _book_for_the_busy(Link(desk.account, (lee,), call))
    _add_north(world)
    return world


def _add_types(account: Account) -> AppointmentType:
    def make(slug: str, name: str, **fields: Any) -> AppointmentType:
        return make_type(account, **{"internal_name": name, "slug": slug, "shareable": "ticket"} | fields)

    make("known", "Known call", checks_email=False, new_contacts=NewContacts.REJECT_ADDRESS)
    make("checked", "Checked call", checks_email=True)
    make("hidden", "Hidden call", shareable="off")
    return make("call", "Quick call", checks_email=False)


def _add_requests(world: World, call: AppointmentType, jordan: Agent, robin: Agent) -> None:
    names = ("taken back", "closed", "expired", "used", "cancelled", "open")
    requests = {name: make_request(call, [jordan]) for name in names} | {"without times": make_request(call, [robin])}
    for day, name in ((7, "used"), (8, "cancelled")):
        answers = Answers("UTC", "Ana Ruiz")
        book_slot(request=requests[name], starts_at=NOW + timedelta(days=day), answers=answers, key="key", now=NOW)
    cancel_request(request=requests["taken back"], actor="Jordan Doe", now=NOW)
    cancel_appointment(request=requests["cancelled"], actor="Jordan Doe", reason="Ill", now=NOW)
    close_request(request=requests["closed"], actor="Jordan Doe", now=NOW)
    yesterday = {"latest_date": date(2027, 5, 2), "limits_zone": "America/New_York"}
    SchedulingRequest.objects.filter(pk=requests["expired"].pk).update(**yesterday)
    for name, request in requests.items():
        world.add(f"request, {name}", f"/schedule/{request.token}/")
    world.add("request, used, to another time", f"/schedule/{requests['used'].token}/appointment/reschedule/")


def _add_signed(world: World, call: AppointmentType, jordan: Agent, robin: Agent, *, ticket: str, closed: str) -> None:
    states: dict[str, dict[str, Any]] = {
        "open": {},
        "early": {"opens_at": OPENS_AT},
        "expired": {"made_at": NOW - timedelta(days=30), "expires_at": EXPIRED_AT},
        "revoked": {"revoked_at": NOW},
        "busy": {"email": BUSY},
        "without times": {},
        "closed": {},
        "gone": {},
    }
    numbers = {"closed": closed, "gone": "999999"}
    for state, fields in states.items():
        whom, number = robin if state == "without times" else jordan, numbers.get(state, ticket)
        about = {"ticket_number": number, "ticket_summary": SECRET}
        world.add(f"client, {state}", f"/{whom.slug}/call/", s=sign(make_signed_link(call, [whom], **fields)))
        text = sign(make_signed_link(call, [whom], **fields, **about))
        world.add(f"signed ticket, {state}", f"/{whom.slug}/call/ticket/{number}/", s=text)
    known = AppointmentType.objects.get(slug="known")
    world.add("client, unknown", "/jordan/known/", s=sign(make_signed_link(known, [jordan])))


def _add_passes(world: World, jordan: Agent, robin: Agent, *, ticket: str, closed: str) -> None:
    """Links that name a ticket, with what lets in who has proved an address."""
    account = world.account
    world.add("ticket, open", f"/jordan/call/ticket/{ticket}/", **_pass(account, jordan, ticket))
    world.add("ticket, closed", f"/jordan/call/ticket/{closed}/", **_pass(account, jordan, closed))
    world.add("ticket, gone", "/jordan/call/ticket/999999/", **_pass(account, jordan, "999999"))
    world.add("ticket, busy", f"/jordan/call/ticket/{ticket}/", **_pass(account, jordan, ticket, email=BUSY))
    world.add("ticket, without times", f"/robin/call/ticket/{ticket}/", **_pass(account, robin, ticket))
    with time_machine.travel(NOW - timedelta(hours=3)):
        world.add("ticket, long ago", f"/jordan/call/ticket/{ticket}/", **_pass(account, jordan, ticket))


def _pass(account: Account, whom: Agent, number: str, *, email: str = NINA, start: str = "") -> dict[str, str]:
    about = {"number": number, "summary": SECRET, "company": "", "contact_id": "", "name": "Nina New", "phone": ""}
    now = timezone.now()
    ends = {"created_at": now, "expires_at": now + timedelta(minutes=20)}
    proof = EmailProof.objects.create(
        account=account, email=email, ticket_number=number, ticket=about, state="sent", **ends
    )
    sent = {"proof": proof.public_id, "code": code_of(proof), "email": email}
    answer = Client().post(f"{start}/{whom.slug}/call/ticket/{number}/code/", sent)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def _turn_pages_on(*resources: Agent | Team) -> None:
    for resource in resources:
        page = get_page(resource)
        page.is_on = True
        save_page(page=page, slug=resource.slug, offers=[], actor="Jordan Doe", now=NOW)


def _book_for_the_busy(link: Link) -> None:
    answers = Answers("UTC", "Nina New")
    book_shareable(link, Wish(Visitor("Nina New", BUSY), NOW + timedelta(days=9), answers, "busy" * 4, NOW))


def _add_north(world: World) -> None:
    account = make_account("North MSP", slug="north", support_phone="(212) 555-0199")
    with active(account):
        sam = agent_out_of_reach(account, "Sam Unread", read=NOW - timedelta(hours=1))
        sam.slug = "sam"
        sam.save()
        make_agent(account, "Lee Chan", slug="lee")
        make_team(account, [sam], slug="day-shift")
        call = make_type(account, internal_name="Quick call", slug="call", shareable="ticket", checks_email=False)
        world.add("request, unread", f"/schedule/{make_request(call, [sam]).token}/")
        world.add("client, unread", "/@north/sam/call/", s=sign(make_signed_link(call, [sam])))
        about = {"ticket_number": "4711", "ticket_summary": SECRET}
        world.add(
            "signed ticket, unread", "/@north/sam/call/ticket/4711/", s=sign(make_signed_link(call, [sam], **about))
        )
        world.add("ticket, unread", "/@north/sam/call/ticket/4711/", **_pass(account, sam, "4711", start="/@north"))
