"""What a role allows, and who may change it."""

from __future__ import annotations

import pytest

from slotdesk.domain.events.models import Event
from slotdesk.domain.people.roles import (
    RoleFixed,
    RoleInUse,
    RoleNameTaken,
    UnknownPermission,
    delete_role,
    save_role,
)
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.domain.tenants.permissions import Permission, may
from tests.support.factories import NOW
from tests.support.members import make_member


def make_role(account: Account, by: Role, name: str = "Manager", *permissions: str) -> Role:
    allowed = permissions or ("types.view",)
    return save_role(role=Role(account=account), name=name, permissions=allowed, by=by, actor="Bo", now=NOW)


def change(role: Role, by: Role, *permissions: str, name: str = "") -> Role:
    return save_role(role=role, name=name or role.name, permissions=permissions, by=by, actor="Bo", now=NOW)


@pytest.fixture
def security(account: Account, boss: Membership) -> Role:
    """A role of somebody who may edit roles, and hardly anything else."""
    return make_role(account, boss.role, "Security", "security.edit", "types.edit")


class TestSaveRole:
    def test_makes_a_role_and_tells_what_it_allows(self, account: Account, boss: Membership) -> None:
        role = make_role(account, boss.role, "Manager", "requests.view_all", "types.view")

        event = Event.objects.get(kind="role.created")
        assert may(role, Permission.REQUESTS_VIEW_OWN)
        assert not may(role, Permission.TYPES_EDIT)
        assert event.changes == {"name": [None, "Manager"], "permissions": [None, role.permissions]}

    def test_lets_whoever_may_edit_look_too(self, account: Account, boss: Membership) -> None:
        role = make_role(account, boss.role, "Manager", "types.edit")

        assert may(role, Permission.TYPES_VIEW)

    def test_tells_what_was_before_and_acts_at_once(self, account: Account, boss: Membership) -> None:
        member = make_member(account, "dispatcher")

        change(member.role, boss.role, "types.view", name="Coordinator")

        role = Role.objects.get(key="dispatcher")
        before, after = Event.objects.get(kind="role.changed").changes["permissions"]
        assert "requests.view_all" in before
        assert after == ["types.view"]
        assert role.name == "Dispatcher"
        assert not may(role, Permission.REQUESTS_VIEW_ALL)

    def test_tells_nothing_when_nothing_changed(self, account: Account, boss: Membership) -> None:
        role = make_role(account, boss.role)

        change(role, boss.role, "types.view")

        assert not Event.objects.filter(kind="role.changed").exists()

    @pytest.mark.parametrize("key", ["administrator", "user"])
    def test_refuses_to_change_a_fixed_role(self, boss: Membership, key: str) -> None:
        with pytest.raises(RoleFixed):
            change(Role.objects.get(key=key), boss.role, "types.view")

    def test_refuses_a_permission_that_there_is_not(self, account: Account, boss: Membership) -> None:
        with pytest.raises(UnknownPermission, match=r"root\.everything"):
            make_role(account, boss.role, "Manager", "types.view", "root.everything")

        assert not Role.objects.filter(name="Manager").exists()

    def test_refuses_a_name_that_another_role_has(self, account: Account, boss: Membership) -> None:
        with pytest.raises(RoleNameTaken):
            make_role(account, boss.role, "dispatcher")


class TestEscalation:
    def test_nobody_gives_what_they_may_not_do_themselves(self, account: Account, security: Role) -> None:
        with pytest.raises(NotYoursToGive):
            make_role(account, security, "Backdoor", "integrations.edit")

    def test_nobody_but_an_administrator_changes_the_role_they_have(self, security: Role) -> None:
        with pytest.raises(NotYoursToGive):
            change(security, security, "security.edit", "types.edit", "types.delete")

    def test_nobody_takes_away_what_they_may_not_do_themselves(
        self, account: Account, boss: Membership, security: Role
    ) -> None:
        other = make_role(account, boss.role, "Integrator", "integrations.edit", "types.edit")

        with pytest.raises(NotYoursToGive):
            change(other, security, "types.edit")
        with pytest.raises(NotYoursToGive):
            delete_role(role=other, by=security, actor="Eve", now=NOW)

    def test_what_one_has_oneself_can_be_given(self, account: Account, security: Role) -> None:
        assert may(make_role(account, security, "Editor", "types.edit"), Permission.TYPES_EDIT)


class TestDeleteRole:
    def test_deletes_a_role_that_nobody_has(self, account: Account, boss: Membership) -> None:
        role = make_role(account, boss.role)

        delete_role(role=role, by=boss.role, actor="Bo", now=NOW)

        assert not Role.objects.filter(pk=role.pk).exists()
        assert Event.objects.get(kind="role.deleted").changes["name"] == ["Manager", None]

    def test_says_who_has_it(self, account: Account, boss: Membership) -> None:
        role = make_role(account, boss.role)
        member = make_member(account, "user")
        Membership.objects.filter(pk=member.pk).update(role=role)

        with pytest.raises(RoleInUse) as refusal:
            delete_role(role=role, by=boss.role, actor="Bo", now=NOW)

        assert refusal.value.holders == ["The user"]

    def test_refuses_a_built_in_role(self, boss: Membership) -> None:
        with pytest.raises(RoleFixed):
            delete_role(role=Role.objects.get(key="finance"), by=boss.role, actor="Bo", now=NOW)
