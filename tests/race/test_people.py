"""Two people at one moment: real threads on real rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from slotdesk.domain.people.invitations import InvitationClosed, accept_invitation, invite_people
from slotdesk.domain.people.members import LastAdministrator, change_role, deactivate_person
from slotdesk.domain.people.persons import person_of_member
from slotdesk.domain.tenants.models import Account, Invitation, Membership, Role, User
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account
from tests.support.members import make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account() -> Account:
    return make_account()


def together(account: Account, *tasks: Callable[[], object]) -> list[object]:
    """Run the tasks at the same moment, each on a connection of its own; return what each gave or raised."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        start.wait(timeout=30)
        try:
            with active(account):
                return task()
        except Exception as error:  # noqa: BLE001 (which error it is, is what the test looks at)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


class TestTheLastAdministrator:
    def test_two_who_demote_each_other_leave_one(self, account: Account) -> None:
        ann, ben = make_member(account), make_member(account)
        with active(account):
            user = Role.objects.get(key="user")

        ended = together(
            account,
            lambda: change_role(member=ann, role=user, by=ben.role, actor="Ben", now=NOW),
            lambda: change_role(member=ben, role=user, by=ann.role, actor="Ann", now=NOW),
        )

        assert [type(each) for each in ended if each is not None] == [LastAdministrator]
        with active(account):
            assert Membership.objects.filter(role__key="administrator").count() == 1

    def test_two_who_deactivate_each_other_leave_one(self, account: Account) -> None:
        ann, ben = make_member(account), make_member(account)

        ended = together(
            account,
            lambda: deactivate_person(person=person_of_member(ann), by=ben.role, actor="Ben", now=NOW),
            lambda: deactivate_person(person=person_of_member(ben), by=ann.role, actor="Ann", now=NOW),
        )

        assert [type(each) for each in ended if each is not None] == [LastAdministrator]
        with active(account):
            assert Membership.objects.filter(left_at=None).count() == 1


class TestAnInvitation:
    def test_is_accepted_once_by_two_who_press_at_once(self, account: Account) -> None:
        boss = make_member(account)
        with active(account):
            role = Role.objects.get(key="user")
            emails = ["ann@summit.example"]
            invited = invite_people(
                account=account, emails=emails, role=role, team_ids=[], by=boss.role, actor="Bo", now=NOW
            )
        invitation: Invitation = invited.sent[0]

        def accept() -> object:
            return accept_invitation(invitation=invitation, user=None, name="Ann", password="a long one", now=NOW)

        ended = together(account, accept, accept, accept)

        assert sum(isinstance(each, Membership) for each in ended) == 1
        assert sum(isinstance(each, InvitationClosed) for each in ended) == 2
        assert User.objects.filter(email="ann@summit.example").count() == 1
