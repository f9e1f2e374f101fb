"""A person's own room for online meetings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Membership
from tests.support.members import text_of

SignIn = Callable[[str], Client]
ROOM = "https://meet.example/maria"


def url_of(agent: Agent) -> str:
    return f"/app/users/{agent.public_id}/meeting-link/"


class TestMeetingLink:
    def test_is_entered_by_whoever_it_belongs_to(self, agent: Agent, sign_in: SignIn) -> None:
        browser = sign_in("user")
        Agent.objects.filter(pk=agent.pk).update(membership=Membership.objects.latest("id"))

        answer = browser.post(url_of(agent), {"meeting_url": "meet.example/maria"})

        agent.refresh_from_db()
        assert answer.status_code == 302
        assert agent.meeting_url == ROOM
        assert Event.objects.get(kind="agent.changed").changes == {"meeting_url": ["", ROOM]}
        assert ROOM in text_of(browser.get(f"/app/users/{agent.public_id}/calendars/"))

    def test_is_nobody_elses_business(self, agent: Agent, sign_in: SignIn) -> None:
        assert sign_in("user").post(url_of(agent), {"meeting_url": ROOM}).status_code == 404
        assert sign_in("finance").post(url_of(agent), {"meeting_url": ROOM}).status_code == 403

        agent.refresh_from_db()
        assert agent.meeting_url == ""

    def test_is_entered_on_the_persons_page_as_well(self, agent: Agent, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        browser.post(f"/app/users/{agent.public_id}/", {"slug": agent.slug, "meeting_url": ROOM})

        agent.refresh_from_db()
        assert agent.meeting_url == ROOM

    @pytest.mark.parametrize("text", ["javascript:alert(1)", "no link", "https://" + "x" * 600 + ".example"])
    def test_what_is_no_link_is_refused_and_kept_in_the_field(self, agent: Agent, sign_in: SignIn, text: str) -> None:
        answer = sign_in("administrator").post(url_of(agent), {"meeting_url": text})

        assert answer.status_code == 422
        assert text in text_of(answer)
        agent.refresh_from_db()
        assert agent.meeting_url == ""
