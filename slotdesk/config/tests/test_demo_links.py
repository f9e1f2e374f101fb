"""Each kind of link can be tried in the demo, and what somebody has changed there stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.config.demo_links import make_links
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.operations import create_default_types
from slotdesk.domain.connections.models import Board
from slotdesk.domain.links.models import PublicPage, SignedLink
from slotdesk.domain.tenants.scope import active
from tests.support.factories import make_team
from tests.support.psa import Desk, make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(sandbox: Sandbox) -> Iterator[Desk]:
    desk = make_desk(sandbox)
    with active(desk.account):
        create_default_types(desk.account)
        make_team(desk.account, [desk.agent], internal_name="Tier 1")
        Board.objects.create(connection=desk.connection, external_id="1", name="Service Desk")
        yield desk


def links(desk: Desk) -> dict[str, str]:
    open_ones = (each for each in desk.sandbox.store.all("tickets") if not each["closedFlag"])
    tickets = [str(each["id"]) for each in open_ones if each.get("contactEmailAddress")]
    made = make_links(desk.connection, [desk.agent], tickets[:9])
    return {title: address.removeprefix(settings.PUBLIC_URL) for title, address, _hint in made}


class TestLinks:
    def test_of_each_kind_can_be_opened(self, desk: Desk) -> None:
        made = links(desk)

        assert list(made) == [
            "Personal page",
            "Team page",
            "Shareable link",
            "Link with a ticket",
            "Link for one client",
        ]
        assert {title: Client().get(path, follow=True).status_code for title, path in made.items()} == dict.fromkeys(
            made, 200
        )
        assert AppointmentType.objects.exclude(shareable="off").count() == 2

    def test_are_in_an_email_as_the_psa_would_send_it(self, desk: Desk) -> None:
        made = links(desk)

        (email,) = mail.outbox
        assert f"{settings.PUBLIC_URL}{made['Link with a ticket']}" in email.body

    def test_are_made_once(self, desk: Desk) -> None:
        assert links(desk) == links(desk)

        assert len(mail.outbox) == 1
        assert SignedLink.objects.count() == 1

    def test_are_left_as_somebody_has_made_them(self, desk: Desk) -> None:
        links(desk)
        PublicPage.objects.update(is_on=False)
        AppointmentType.objects.update(shareable="off")

        assert list(links(desk)) == ["Link with a ticket"]
