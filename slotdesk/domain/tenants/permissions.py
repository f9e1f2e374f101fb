"""
The one permission table: what there is to allow, and what the built-in roles allow. Pages, panel and API ask `may`.

An administrator may do everything, also what a later version adds. The role User is fixed; the others can be edited,
and an account can have roles of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Protocol


class Permission(StrEnum):
    """`area.verb`; `_own` and `_all` say whose. The order is that of the screens."""

    REQUESTS_VIEW_OWN = "requests.view_own"
    REQUESTS_VIEW_ALL = "requests.view_all"
    REQUESTS_CREATE = "requests.create"
    REQUESTS_CANCEL_OWN = "requests.cancel_own"
    REQUESTS_CANCEL_ALL = "requests.cancel_all"
    REQUESTS_EXPORT = "requests.export"
    APPOINTMENTS_CREATE = "appointments.create"
    CALENDARS_VIEW_OWN = "calendars.view_own"
    CALENDARS_VIEW_ALL = "calendars.view_all"
    CALENDARS_EDIT_OWN = "calendars.edit_own"
    CALENDARS_EDIT_ALL = "calendars.edit_all"
    TYPES_VIEW = "types.view"
    TYPES_CREATE = "types.create"
    TYPES_EDIT = "types.edit"
    TYPES_DELETE = "types.delete"
    USERS_VIEW = "users.view"
    USERS_ADD = "users.add"
    USERS_EDIT = "users.edit"
    USERS_ACTIVATE = "users.activate"
    USERS_RESET_SECOND_FACTOR = "users.reset_second_factor"
    USERS_DELETE = "users.delete"
    TEAMS_VIEW = "teams.view"
    TEAMS_ADD = "teams.add"
    TEAMS_EDIT = "teams.edit"
    TEAMS_DELETE = "teams.delete"
    BRANDING_VIEW = "branding.view"
    BRANDING_EDIT = "branding.edit"
    EMAIL_VIEW = "email.view"
    EMAIL_EDIT = "email.edit"
    ATTRIBUTES_VIEW = "attributes.view"
    ATTRIBUTES_EDIT = "attributes.edit"
    ACCOUNT_VIEW = "account.view"
    ACCOUNT_EDIT = "account.edit"
    SECURITY_VIEW = "security.view"
    SECURITY_EDIT = "security.edit"
    PRIVACY_EDIT = "privacy.edit"
    AUDIT_VIEW = "audit.view"
    API_KEYS_VIEW = "api_keys.view"
    API_KEYS_EDIT = "api_keys.edit"
    INTEGRATIONS_VIEW = "integrations.view"
    INTEGRATIONS_EDIT = "integrations.edit"

    @property
    def area(self) -> str:
        return self.value.partition(".")[0]


class BuiltIn(StrEnum):
    """The roles that every account begins with."""

    ADMINISTRATOR = "administrator"
    DISPATCHER = "dispatcher"
    USER = "user"
    FINANCE = "finance"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def is_fixed(self) -> bool:
        """Whether what it allows cannot be changed."""
        return self in (BuiltIn.ADMINISTRATOR, BuiltIn.USER)


_OWN = {
    Permission.REQUESTS_VIEW_OWN,
    Permission.REQUESTS_EXPORT,
    Permission.CALENDARS_VIEW_OWN,
    Permission.CALENDARS_EDIT_OWN,
}
DEFAULTS: dict[BuiltIn, frozenset[Permission]] = {
    BuiltIn.ADMINISTRATOR: frozenset(Permission),
    BuiltIn.DISPATCHER: frozenset(
        _OWN
        | {
            Permission.REQUESTS_VIEW_ALL,
            Permission.REQUESTS_CREATE,
            Permission.APPOINTMENTS_CREATE,
            Permission.REQUESTS_CANCEL_OWN,
            Permission.REQUESTS_CANCEL_ALL,
            Permission.CALENDARS_VIEW_ALL,
            Permission.CALENDARS_EDIT_ALL,
            Permission.TYPES_VIEW,
            Permission.USERS_VIEW,
            Permission.USERS_EDIT,
            Permission.TEAMS_VIEW,
            Permission.TEAMS_EDIT,
        }
    ),
    BuiltIn.USER: frozenset(
        _OWN | {Permission.REQUESTS_CREATE, Permission.APPOINTMENTS_CREATE, Permission.REQUESTS_CANCEL_OWN}
    ),
    BuiltIn.FINANCE: frozenset(
        _OWN | {Permission.USERS_VIEW, Permission.USERS_ACTIVATE, Permission.ACCOUNT_VIEW, Permission.ACCOUNT_EDIT}
    ),
}


class Granting(Protocol):
    """A role, as far as it matters here: which built-in one it is, if it is, and what it allows."""

    @property
    def key(self) -> str: ...

    @property
    def permissions(self) -> Collection[str]: ...


def may(role: Granting | None, permission: Permission) -> bool:
    """Whether the role has the permission; no role has none. What is allowed for all is allowed for one's own."""
    if role is None:
        return False
    for_all = permission.value.replace("_own", "_all")
    return role.key == BuiltIn.ADMINISTRATOR or permission in role.permissions or for_all in role.permissions
