"""
Nobody of account B reaches anything of account A, by any address.

Every address that names an object is called with A's objects by B's administrator, or with B's panel token, and must
answer as if there were nothing. Addresses without one are called too, and must show nothing of A's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.booking.invitations import invite_from_ticket
from slotdesk.domain.booking.models import Guest, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.connections.models import Board, Calendar
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert, SignedLink
from slotdesk.domain.links.openings import ByLink, Reader, ask_by_link
from slotdesk.domain.messages.models import Email, Template
from slotdesk.domain.people.models import Holiday, HolidayList, HoursOverride, Team, TimeOff
from slotdesk.domain.people.persons import person_of_agent
from slotdesk.domain.removals.models import Removal
from slotdesk.domain.removals.operations import plan_removal
from slotdesk.domain.tenants.models import Invitation, Membership, Role, User
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.advance import advance
from slotdesk.domain.workflows.models import StepRun
from slotdesk.ports.psa import TicketRef
from slotdesk.web.panel.viewer import sign_token
from tests.support.database import undone
from tests.support.factories import make_invitation, make_team, make_type
from tests.support.links import make_signed_link
from tests.support.members import make_member, signed_in
from tests.support.psa import MEMBER_ID, Desk, make_desk
from tests.support.routes import Route, all_routes

# What only account A has; it stands in the name of each of its things.
MARK = "Aardvark"
# A's own request link, and that of an opening alert, are the client's keys to them and ask for no account.
# "signed in" is the way from one account to another; tests/sign_in/test_switching.py holds whom it lets through.
KEYS_OF_THEIR_OWN = ("request link", "alert link", "public link", "public", "vendor signature", "signed in")

STAFF = [route for route in all_routes() if route.is_ours and route.name.startswith("staff:")]
PANEL = [route for route in all_routes() if route.access.startswith("panel token")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, sandbox: Sandbox) -> Iterator[tuple[Desk, Desk]]:
    """Both accounts, made once for all addresses; what a test changes is taken back after it."""
    with django_db_blocker.unblock(), undone():
        # B's PSA has tickets with the very same numbers.
        yield with_one_of_everything(sandbox), make_desk(sandbox, name="Another MSP")


@pytest.fixture
def ours(world: tuple[Desk, Desk], db: None) -> Desk:
    """Account A, with one of everything."""
    return world[0]


@pytest.fixture
def theirs(world: tuple[Desk, Desk], db: None) -> Desk:
    """Account B."""
    return world[1]


def with_one_of_everything(sandbox: Sandbox) -> Desk:
    desk = make_desk(sandbox, name=f"{MARK} MSP")
    with active(desk.account):
        desk.agent.name = f"{MARK} Technician"
        desk.agent.save()
        Board.objects.create(connection=desk.connection, external_id="1", name=f"{MARK} Board")
        make_invitation(desk.account, f"{MARK}@summit.example")
        Role.objects.create(account=desk.account, name=f"{MARK} role", permissions=["types.view"])
        make_team(desk.account, [desk.agent], internal_name=f"{MARK} team")
        days = HolidayList.objects.create(account=desk.account, name=f"{MARK} days")
        Holiday.objects.create(holiday_list=days, date=date(2031, 3, 4), name=f"{MARK} day")
        HoursOverride.objects.create(agent=desk.agent, date=date(2031, 3, 4), note=f"{MARK} short day")
        TimeOff.objects.create(agent=desk.agent, starts_on=date(2031, 3, 4), ends_on=date(2031, 3, 4), name=MARK)
        plan_removal(person=person_of_agent(desk.agent), decisions={}, message=MARK, actor="", now=datetime.now(UTC))
        User.objects.filter(pk=make_member(desk.account, "user").user_id).update(name=f"{MARK} member")
        for subject in ("request", "person"):
            Attribute.objects.create(
                account=desk.account, subject=subject, kind="text", name=f"{MARK} {subject}", key=subject
            )
        Template.objects.create(
            account=desk.account, name=f"{MARK} mail", kind="confirmation", subject=f"{MARK}", body=f"<p>{MARK}</p>"
        )
        kind = make_type(desk.account, internal_name=f"{MARK} call", notice_amount=0)
        now = datetime.now(UTC)
        request = invite_from_ticket(
            psa=desk.connection,
            ticket=TicketRef("service_ticket", str(desk.ticket()["id"])),
            appointment_type=kind,
            resources=[desk.agent],
            origin=SchedulingRequest.Origin.PANEL,
            actor=f"{MARK} Technician",
            now=now,
        )
        SchedulingRequest.objects.update(client_name=f"{MARK} Client", ticket_summary=f"{MARK} printer")
        request.refresh_from_db()
        Guest.objects.create(request=request, email=f"{MARK.lower()}@guest.example", added_by=MARK, added_at=now)
        times = list_times(request, starts_at=now, ends_at=now + timedelta(days=7), client_zone="UTC", now=now)
        starts_at = datetime.fromtimestamp(times.slots[0].start, UTC)
        book_slot(request=request, starts_at=starts_at, answers=Answers("UTC", ""), key="k", now=now)
        for event in Event.objects.filter(subject=request.public_id):
            advance(event_id=event.pk, now=now)
        make_signed_link(
            kind,
            [desk.agent],
            ticket_number=request.ticket_number,
            ticket_kind=request.ticket_kind,
            ticket_id=request.ticket_id,
            ticket_summary=f"{MARK} printer",
            name=f"{MARK} Client",
            made_at=now,
            expires_at=now + timedelta(days=30),
        )
        link = Link(desk.account, (desk.agent,), kind)
        ask_by_link(wish=ByLink(link), reader=Reader(f"{MARK}@waiting.example", "UTC", "en"), now=now)
        Email.objects.create(
            account=desk.account,
            key="k",
            subject_id=request.public_id,
            kind="invitation",
            to=["a@client.example"],
            subject=f"{MARK} mail",
            text="",
            html=f"<p>{MARK}</p>",
            message_id="<a@x>",
            created_at=now,
        )
    return desk


@pytest.fixture
def administrator(theirs: Desk) -> Client:
    with active(theirs.account):
        return signed_in(theirs.account)


def objects_of(desk: Desk, route: Route) -> dict[str, Any]:
    """A's object for each name in the address."""
    with active(desk.account):
        request = SchedulingRequest.objects.get()
        part = route.path.replace("settings/", "").split("/")[1]
        public_ids = {
            "requests": request.public_id,
            "types": request.appointment_type.public_id,
            "users": desk.agent.public_id,
            "teams": Team.objects.get(internal_name=f"{MARK} team").public_id,
            "holidays": HolidayList.objects.get(name=f"{MARK} days").public_id,
            "security": Membership.objects.get(user__name=f"{MARK} member").public_id,
            "invitations": Invitation.objects.get().public_id,
            "roles": Role.objects.get(key="").public_id,
            "e-mail": Template.objects.get().public_id,
            "attributes": Attribute.objects.get(subject="request").public_id,
            "<str:connection_id>": request.public_id,
        }
        known: dict[str, Any] = {
            "public_id": SignedLink.objects.get().public_id if "/links/" in route.path else public_ids.get(part),
            "event_id": Event.objects.filter(subject=request.public_id)[0].pk,
            "override_id": HoursOverride.objects.get().pk,
            "time_off_id": TimeOff.objects.get().pk,
            "holiday_id": Holiday.objects.get(name=f"{MARK} day").pk,
            "calendar_id": Calendar.objects.filter(agent=desk.agent)[0].pk,
            "step_run_id": StepRun.objects.order_by("id")[0].pk,
            "step_key": "confirmation",
            "email_id": Email.objects.get().pk,
            "guest_id": Guest.objects.get().pk,
            "removal_id": Removal.objects.get().public_id,
            "connection_id": desk.connection.public_id,
            "alert_id": OpeningAlert.objects.get().pk,
            "kind": "service_ticket" if part == "<str:connection_id>" else desk.connection.kind,
            "ticket_id": request.ticket_id,
        }
    return {name: known[name] for name in route.arguments}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", STAFF, ids=lambda route: route.name)
class TestStaffPages:
    def test_show_another_account_nothing_of_ours(
        self, ours: Desk, administrator: Client, route: Route, method: str
    ) -> None:
        objects = objects_of(ours, route)

        answer = getattr(administrator, method)(reverse(route.name, kwargs=objects))

        body = b"".join(answer) if answer.streaming else answer.content
        assert MARK not in body.decode()
        # The address of a PSA names a kind, which every account may connect: B gets its own.
        if objects and set(objects) != {"kind"}:
            assert answer.status_code in (404, 405)

    def test_answer_their_own_account(self, ours: Desk, route: Route, method: str) -> None:
        """The control: with the same address and A's own administrator there is something to see."""
        with active(ours.account):
            browser = signed_in(ours.account)

        answer = getattr(browser, method)(reverse(route.name, kwargs=objects_of(ours, route)))

        assert answer.status_code != 404


class TestThePanel:
    @pytest.mark.parametrize("route", PANEL, ids=lambda route: route.name)
    def test_takes_no_token_of_another_account(self, ours: Desk, theirs: Desk, route: Route) -> None:
        url, method = reverse(route.name, kwargs=objects_of(ours, route)), _method(route)

        assert _call(method, url, token_of(theirs)).status_code == 401
        assert _call(method, url, token_of(ours)).status_code in (200, 422)

    @pytest.mark.parametrize("route", PANEL, ids=lambda route: route.name)
    def test_shows_another_account_nothing_of_ours(self, ours: Desk, theirs: Desk, route: Route) -> None:
        objects = objects_of(ours, route) | {"connection_id": theirs.connection.public_id}

        answer = _call(_method(route), reverse(route.name, kwargs=objects), token_of(theirs))

        assert MARK not in answer.content.decode()
        if "public_id" in objects:
            assert answer.status_code == 404

    def test_cannot_be_asked_for_our_people_and_types(self, ours: Desk, theirs: Desk) -> None:
        with active(ours.account):
            request = SchedulingRequest.objects.get()
            fields = {"resource": ours.agent.public_id, "type": request.appointment_type.public_id, "origin": "link"}
        url = reverse("panel:requests", args=[theirs.connection.public_id, "service_ticket", request.ticket_id])

        answer = Client().post(url, fields, headers={"Authorization": f"Bearer {token_of(theirs)}"})

        assert answer.status_code == 422
        with active(theirs.account):
            assert not SchedulingRequest.objects.exists()


class TestTheWalk:
    def test_leaves_no_address_of_ours_out(self) -> None:
        walked = {route.name for route in (*STAFF, *PANEL)}

        assert {
            route.name for route in all_routes() if route.is_ours and route.access not in KEYS_OF_THEIR_OWN
        } == walked


def token_of(desk: Desk) -> str:
    return sign_token(connection=desk.connection, member_id=MEMBER_ID, name="Jordan Doe")


def _method(route: Route) -> str:
    reads = ("ticket", "status", "requests-now", "explanation", "contacts", "times")
    return "get" if route.name.removeprefix("panel:") in reads else "post"


def _call(method: str, url: str, token: str) -> Any:
    return getattr(Client(), method)(url, headers={"Authorization": f"Bearer {token}"})
