"""The menu of the staff app: what there is to open, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from slotdesk.domain.tenants.permissions import Granting, Permission, may


class Entry(NamedTuple):
    """permission: what it takes to open the page of the route."""

    label: Promise
    route: str
    icon: str
    permission: Permission


MENU = (
    Entry(gettext_lazy("Requests"), "staff:requests", "inbox", Permission.REQUESTS_VIEW_OWN),
    Entry(gettext_lazy("Appointment types"), "staff:types", "clock", Permission.TYPES_VIEW),
    Entry(gettext_lazy("Users"), "staff:users", "users", Permission.USERS_VIEW),
    Entry(gettext_lazy("Teams"), "staff:teams", "team", Permission.TEAMS_VIEW),
    Entry(gettext_lazy("My hours"), "staff:my-hours", "calendar", Permission.CALENDARS_VIEW_OWN),
    Entry(gettext_lazy("Integrations"), "staff:integrations", "plug", Permission.INTEGRATIONS_VIEW),
)
# The part under "Settings".
SETTINGS = (
    Entry(gettext_lazy("Account"), "staff:account", "sliders", Permission.ACCOUNT_VIEW),
    Entry(gettext_lazy("Branding"), "staff:branding", "palette", Permission.BRANDING_VIEW),
    Entry(gettext_lazy("Embedding"), "staff:embedding", "code", Permission.BRANDING_VIEW),
    Entry(gettext_lazy("E-mail templates"), "staff:templates", "mail", Permission.EMAIL_VIEW),
    Entry(gettext_lazy("Security"), "staff:security", "shield", Permission.SECURITY_VIEW),
    Entry(gettext_lazy("Roles & permissions"), "staff:roles", "key", Permission.SECURITY_VIEW),
    Entry(gettext_lazy("Custom attributes"), "staff:attributes", "tag", Permission.ATTRIBUTES_VIEW),
    Entry(gettext_lazy("Privacy"), "staff:privacy", "eye-off", Permission.PRIVACY_EDIT),
    Entry(gettext_lazy("Holidays"), "staff:holidays", "calendar-off", Permission.USERS_VIEW),
    Entry(gettext_lazy("Audit log"), "staff:audit", "list", Permission.AUDIT_VIEW),
)


def open_to(role: Granting | None, entries: Iterable[Entry]) -> list[Entry]:
    """Those that the role may open, in the order of the menu."""
    return [each for each in entries if may(role, each.permission)]
