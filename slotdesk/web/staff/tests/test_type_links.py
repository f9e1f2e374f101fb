"""The links of a type, ready to copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import make_team
from tests.support.type_form import url_of

SignIn = Callable[[str], Client]


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("administrator")


class TestLinks:
    def test_are_ready_for_everybody_whom_the_type_may_ask(
        self, admin: Client, account: Account, half_hour: AppointmentType, agent: Agent
    ) -> None:
        with active(account):
            make_team(account, [agent], slug="help-desk", external_name="The help desk")
            AppointmentType.objects.filter(pk=half_hour.pk).update(slug="call", shareable="ticket")

        page = admin.get(url_of(half_hour)).content.decode()

        for owner in (agent.slug, "help-desk"):
            assert f"{settings.PUBLIC_URL}/{owner}/call</code>" in page
            assert f"{settings.PUBLIC_URL}/{owner}/call/ticket/[srnumber]</code>" in page
        assert "&lt;a href=&quot;" in page

    def test_are_none_without_an_address_part_and_no_shareable_ones_while_they_are_off(
        self, admin: Client, account: Account, half_hour: AppointmentType, agent: Agent
    ) -> None:
        with active(account):
            AppointmentType.objects.filter(pk=half_hour.pk).update(slug="call")
        page = admin.get(url_of(half_hour)).content.decode()
        assert f"{settings.PUBLIC_URL}/{agent.slug}/call</code>" not in page
        with active(account):
            AppointmentType.objects.filter(pk=half_hour.pk).update(slug="")

        page = admin.get(url_of(half_hour)).content.decode()

        assert "Give the type an address part" in page
