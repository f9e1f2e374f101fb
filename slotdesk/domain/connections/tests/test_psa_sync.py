"""What is read from the PSA becomes our people, boards and holidays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from slotdesk.domain.connections.models import Board, Calendar, Connection, PresetStatus
from slotdesk.domain.connections.operations import save_connection, subscribe_to_changes
from slotdesk.domain.connections.psa_sync import sync_psa
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.people.models import Agent, Holiday
from slotdesk.domain.tenants.models import User
from slotdesk.ports import errors
from tests.support.members import give_place
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


def patch_member(msp: Msp, agent: Agent, **changes: object) -> None:
    calendar = Calendar.objects.get(agent=agent)
    document = msp.psa.store.get("members", int(calendar.external_id))
    msp.psa.store.put("members", document | changes)


class TestSyncPsa:
    def test_members_become_agents_with_hours_zone_and_calendar(self, msp: Msp) -> None:
        assert msp.agent.zone == "America/New_York"
        assert msp.agent.hours == [{"days": [1, 2, 3, 4, 5], "start": "08:00", "end": "17:00"}]
        assert Calendar.objects.get(agent=msp.agent).is_primary

    def test_calendars_are_called_by_connection_person_and_login_and_follow_a_new_name(self, msp: Msp) -> None:
        calendar = Calendar.objects.get(agent=msp.agent)
        login = str(msp.psa.store.get("members", int(calendar.external_id))["identifier"])
        assert str(calendar) == f"{msp.connection.label}: {msp.agent.name} ({login})"
        patch_member(msp, msp.agent, firstName="Nova", lastName="Lane")

        sync_psa(connection=msp.connection, now=timezone.now())

        calendar.refresh_from_db()
        assert calendar.name == f"Nova Lane ({login})"

    def test_nobody_can_be_booked_until_somebody_says_so(self, msp: Msp) -> None:
        assert list(Agent.objects.filter(is_schedulable=True)) == [msp.agent]

    def test_boards_holidays_and_presets_are_there(self, msp: Msp) -> None:
        assert Board.objects.count() > 1
        assert Holiday.objects.exists()
        assert PresetStatus.objects.exists()

    def test_reading_again_changes_nothing(self, msp: Msp) -> None:
        before = list(Agent.objects.order_by("id").values())

        sync_psa(connection=msp.connection, now=timezone.now())

        assert list(Agent.objects.order_by("id").values()) == before

    def test_own_hours_are_kept(self, msp: Msp) -> None:
        own = [{"days": [2], "start": "10:00", "end": "12:00"}]
        Agent.objects.filter(pk=msp.agent.pk).update(hours=own, hours_from="own")

        sync_psa(connection=msp.connection, now=timezone.now())

        msp.agent.refresh_from_db()
        assert msp.agent.hours == own

    def test_a_member_who_left_stays_with_us_but_inactive(self, msp: Msp) -> None:
        patch_member(msp, msp.agent, inactiveFlag=True)

        sync_psa(connection=msp.connection, now=timezone.now())

        msp.agent.refresh_from_db()
        assert not msp.agent.is_active

    def test_whoever_was_deactivated_here_is_not_brought_back(self, msp: Msp) -> None:
        Agent.objects.filter(pk=msp.agent.pk).update(left_at=timezone.now(), is_active=False)

        sync_psa(connection=msp.connection, now=timezone.now())

        msp.agent.refresh_from_db()
        assert not msp.agent.is_active

    def test_members_of_the_account_are_joined_with_their_agents_by_email(self, msp: Msp) -> None:
        user = User.objects.create_user(msp.agent.email.upper(), name="Same person")
        member = give_place(msp.account, user, "user")

        sync_psa(connection=msp.connection, now=timezone.now())

        msp.agent.refresh_from_db()
        assert msp.agent.membership == member

    def test_a_zone_that_cannot_be_read_is_never_guessed(self, msp: Msp) -> None:
        stranger = Agent.objects.exclude(pk=msp.agent.pk).filter(is_active=True).first()
        assert stranger is not None
        Agent.objects.filter(pk=stranger.pk).update(zone="")
        patch_member(msp, stranger, timeZone={"id": 999, "name": "Moon Base Alpha"})

        sync_psa(connection=msp.connection, now=timezone.now())

        stranger.refresh_from_db()
        assert stranger.zone == ""


class TestSaveConnection:
    def test_keys_that_are_refused_leave_the_working_ones(self, msp: Msp) -> None:
        before = Connection.objects.get().settings
        values = self.settings(msp, private_key="wrong")

        with pytest.raises(errors.NotAuthorized):
            save_connection(account=msp.account, kind="connectwise", values=values, actor="test", now=timezone.now())

        assert Connection.objects.get().settings == before

    def test_secrets_are_not_readable_in_the_database(self, msp: Msp) -> None:
        assert msp.psa.private_key not in Connection.objects.get().settings

    def test_missing_rights_are_listed_and_stay_listed_while_calendars_are_read(self, msp: Msp) -> None:
        from sandbox.connectwise import constants
        from tests.support.msp import refresh

        limited = self.settings(msp, public_key=constants.LIMITED_PUBLIC_KEY, private_key=constants.LIMITED_PRIVATE_KEY)
        connection = save_connection(
            account=msp.account, kind="connectwise", values=limited, actor="test", now=timezone.now()
        )
        Calendar.objects.update(synced_at=None)
        refresh(connection)

        connection.refresh_from_db()
        assert connection.missing_rights
        assert connection.state == Connection.State.WORKING

    def settings(self, msp: Msp, **changes: str):  # type: ignore[no-untyped-def]
        values = {
            "base_url": msp.psa.url,
            "company_id": msp.psa.company_id,
            "public_key": msp.psa.public_key,
            "private_key": msp.psa.private_key,
            "client_id": msp.psa.client_id,
        }
        return get_manifest("connectwise").settings.model_validate(values | changes)


class TestHooks:
    def test_a_registration_that_the_vendor_switched_off_is_revived(self, msp: Msp) -> None:
        subscribe_to_changes(connection=msp.connection, url="http://127.0.0.1:9/hooks/x/")
        for callback in msp.psa.store.all("callbacks"):
            msp.psa.store.put("callbacks", callback | {"inactiveFlag": True})
        msp.connection.refresh_from_db()

        sync_psa(connection=msp.connection, now=timezone.now())

        assert [callback["inactiveFlag"] for callback in msp.psa.store.all("callbacks")] == [False, False]
