"""The menu of the staff app: what there is to open, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from slotdesk.domain.tenants.permissions import Granting, Permission, may


class Entry(NamedTuple):
    """permission: what it takes to open the page of the route."""

    label: str
    route: str
    icon: str
    permission: Permission


MENU = (
    Entry("Requests", "staff:requests", "inbox", Permission.REQUESTS_VIEW_OWN),
    Entry("Appointment types", "staff:types", "clock", Permission.TYPES_VIEW),
    Entry("Users", "staff:users", "users", Permission.USERS_VIEW),
    Entry("Teams", "staff:teams", "team", Permission.TEAMS_VIEW),
    Entry("My hours", "staff:my-hours", "calendar", Permission.CALENDARS_VIEW_OWN),
    Entry("Integrations", "staff:integrations", "plug", Permission.INTEGRATIONS_VIEW),
)
# The part under "Settings".
SETTINGS = (
    Entry("Account", "staff:account", "sliders", Permission.ACCOUNT_VIEW),
    Entry("Branding", "staff:branding", "palette", Permission.BRANDING_VIEW),
    Entry("Embedding", "staff:embedding", "code", Permission.BRANDING_VIEW),
    Entry("E-mail templates", "staff:templates", "mail", Permission.EMAIL_VIEW),
    Entry("Security", "staff:security", "shield", Permission.SECURITY_VIEW),
    Entry("Roles & permissions", "staff:roles", "key", Permission.SECURITY_VIEW),
    Entry("Custom attributes", "staff:attributes", "tag", Permission.ATTRIBUTES_VIEW),
    Entry("Privacy", "staff:privacy", "eye-off", Permission.PRIVACY_EDIT),
    Entry("Holidays", "staff:holidays", "calendar-off", Permission.USERS_VIEW),
    Entry("Audit log", "staff:audit", "list", Permission.AUDIT_VIEW),
)


def open_to(role: Granting | None, entries: Iterable[Entry]) -> list[Entry]:
    """Those that the role may open, in the order of the menu."""
    return [each for each in entries if may(role, each.permission)]
