"""Which e-mails a person gets about their own appointments."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.notices import Notice
from slotdesk.domain.tenants.models import Membership
from tests.support.members import text_of

SignIn = Callable[[str], Client]


def url_of(agent: Agent) -> str:
    return f"/app/users/{agent.public_id}/notices/"


class TestNotices:
    def test_are_all_on_until_their_owner_switches_some_off(self, agent: Agent, sign_in: SignIn) -> None:
        browser = sign_in("user")
        Agent.objects.filter(pk=agent.pk).update(membership=Membership.objects.latest("id"))
        assert text_of(browser.get(url_of(agent))).count(" checked") == len(Notice)

        browser.post(url_of(agent), {"wanted": ["cancelled_notice"]})

        agent.refresh_from_db()
        assert set(agent.muted_notices) == set(Notice) - {Notice.CANCELLED}
        assert text_of(browser.get(url_of(agent))).count(" checked") == 1
        (told,) = Event.objects.filter(kind="agent.changed")
        assert told.changes == {"notices_switched_off": [[], agent.muted_notices]}

    def test_are_nobody_elses_business(self, agent: Agent, sign_in: SignIn) -> None:
        assert sign_in("user").post(url_of(agent), {"wanted": []}).status_code == 404
        assert sign_in("finance").post(url_of(agent), {"wanted": []}).status_code == 403

        agent.refresh_from_db()
        assert agent.muted_notices == []

    def test_there_are_no_others(self, agent: Agent, sign_in: SignIn) -> None:
        assert sign_in("administrator").post(url_of(agent), {"wanted": ["everything"]}).status_code == 422
