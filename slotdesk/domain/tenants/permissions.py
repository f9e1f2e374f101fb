"""The one permission table: what each role may do. Pages, the panel and the API all ask `may`."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    DISPATCHER = "dispatcher"
    USER = "user"
    FINANCE = "finance"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Permission(StrEnum):
    """`area.verb`; `_own` and `_all` say whose."""

    REQUESTS_VIEW_OWN = "requests.view_own"
    REQUESTS_VIEW_ALL = "requests.view_all"
    REQUESTS_CREATE = "requests.create"
    REQUESTS_CANCEL = "requests.cancel"
    TYPES_VIEW = "types.view"
    TYPES_EDIT = "types.edit"
    USERS_VIEW = "users.view"
    USERS_EDIT = "users.edit"
    USERS_ADD = "users.add"
    INTEGRATIONS_VIEW = "integrations.view"
    INTEGRATIONS_EDIT = "integrations.edit"


_TABLE: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.DISPATCHER: frozenset(
        {
            Permission.REQUESTS_VIEW_OWN,
            Permission.REQUESTS_VIEW_ALL,
            Permission.REQUESTS_CREATE,
            Permission.REQUESTS_CANCEL,
            Permission.TYPES_VIEW,
            Permission.USERS_VIEW,
            Permission.USERS_EDIT,
        }
    ),
    Role.USER: frozenset({Permission.REQUESTS_VIEW_OWN, Permission.REQUESTS_CREATE, Permission.REQUESTS_CANCEL}),
    Role.FINANCE: frozenset({Permission.REQUESTS_VIEW_OWN, Permission.USERS_VIEW}),
}


def may(role: str, permission: Permission) -> bool:
    """Whether the role has the permission; an unknown role has none."""
    try:
        return permission in _TABLE[Role(role)]
    except ValueError:
        return False
