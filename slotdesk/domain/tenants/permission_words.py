"""What each permission allows, in words: the roles page and docs/reference/permissions.md say the same."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from slotdesk.domain.tenants.permissions import Permission

AREAS = {
    "requests": pgettext_lazy("staff", "Requests and appointments"),
    "appointments": pgettext_lazy("staff", "Manual appointments"),
    "calendars": pgettext_lazy("staff", "Calendars"),
    "types": pgettext_lazy("staff", "Appointment types"),
    "users": pgettext_lazy("staff", "Users"),
    "teams": pgettext_lazy("staff", "Teams"),
    "branding": pgettext_lazy("staff", "Branding"),
    "email": pgettext_lazy("staff", "E-mail"),
    "attributes": pgettext_lazy("staff", "Custom attributes"),
    "account": pgettext_lazy("staff", "Account"),
    "security": pgettext_lazy("staff", "Roles and sign-in"),
    "privacy": pgettext_lazy("staff", "Privacy"),
    "audit": pgettext_lazy("staff", "Audit log"),
    "api_keys": pgettext_lazy("staff", "API keys"),
    "integrations": pgettext_lazy("staff", "Integrations"),
}
MEANINGS = {
    Permission.REQUESTS_VIEW_OWN: pgettext_lazy(
        "staff",
        "see the requests that ask for oneself, or for a team one is in, and visitors of links who wait for a time "
        "with them",
    ),
    Permission.REQUESTS_VIEW_ALL: pgettext_lazy(
        "staff", "see every request of the account, and everybody who waits for a time"
    ),
    Permission.REQUESTS_CREATE: (
        pgettext_lazy(
            "staff",
            "ask a client to schedule, make links for one client or one ticket, and fill in the custom attributes of "
            "requests one may see",
        )
    ),
    Permission.REQUESTS_CANCEL_OWN: (
        pgettext_lazy(
            "staff",
            "cancel requests and appointments of one's own, try their failed steps again, take back links that one "
            "made, and take out visitors who wait for a time with oneself",
        )
    ),
    Permission.REQUESTS_CANCEL_ALL: pgettext_lazy("staff", "the same for everybody's"),
    Permission.REQUESTS_EXPORT: pgettext_lazy("staff", "download as CSV the requests that one may see"),
    Permission.APPOINTMENTS_CREATE: pgettext_lazy(
        "staff", "enter an appointment at a time that was agreed with the client"
    ),
    Permission.CALENDARS_VIEW_OWN: pgettext_lazy("staff", "see one's own calendar in the dispatch view"),
    Permission.CALENDARS_VIEW_ALL: pgettext_lazy("staff", "see everybody's"),
    Permission.CALENDARS_EDIT_OWN: pgettext_lazy(
        "staff", "move one's own appointments, and mark one's own entries as private"
    ),
    Permission.CALENDARS_EDIT_ALL: pgettext_lazy("staff", "move and reassign everybody's"),
    Permission.TYPES_VIEW: pgettext_lazy("staff", "see the appointment types and their settings"),
    Permission.TYPES_CREATE: pgettext_lazy("staff", "make new ones"),
    Permission.TYPES_EDIT: pgettext_lazy("staff", "change and reorder them"),
    Permission.TYPES_DELETE: pgettext_lazy("staff", "archive them and bring them back"),
    Permission.USERS_VIEW: pgettext_lazy("staff", "see the people and their hours"),
    Permission.USERS_ADD: pgettext_lazy("staff", "invite people, with roles that allow no more than one's own"),
    Permission.USERS_EDIT: pgettext_lazy("staff", "change a person's details, custom attributes, hours and calendars"),
    Permission.USERS_ACTIVATE: pgettext_lazy("staff", "say whether clients can book a person"),
    Permission.USERS_RESET_SECOND_FACTOR: pgettext_lazy("staff", "take a person's second factor off"),
    Permission.USERS_DELETE: pgettext_lazy("staff", "deactivate a person, and hand over what is theirs"),
    Permission.TEAMS_VIEW: pgettext_lazy("staff", "see the teams"),
    Permission.TEAMS_ADD: pgettext_lazy("staff", "make new ones"),
    Permission.TEAMS_EDIT: pgettext_lazy("staff", "change who is in them and how they choose"),
    Permission.TEAMS_DELETE: pgettext_lazy("staff", "remove them"),
    Permission.BRANDING_VIEW: pgettext_lazy(
        "staff", "see logo, colours, page texts, and the websites that may embed booking pages"
    ),
    Permission.BRANDING_EDIT: pgettext_lazy("staff", "change them"),
    Permission.EMAIL_VIEW: pgettext_lazy("staff", "see e-mail settings and templates"),
    Permission.EMAIL_EDIT: pgettext_lazy("staff", "change them"),
    Permission.ATTRIBUTES_VIEW: pgettext_lazy("staff", "see the custom attributes"),
    Permission.ATTRIBUTES_EDIT: pgettext_lazy("staff", "add and change them"),
    Permission.ACCOUNT_VIEW: pgettext_lazy("staff", "see the account's settings"),
    Permission.ACCOUNT_EDIT: pgettext_lazy("staff", "change them"),
    Permission.SECURITY_VIEW: pgettext_lazy("staff", "see roles, sign-in rules and who has which role"),
    Permission.SECURITY_EDIT: pgettext_lazy("staff", "change them, and give roles that allow no more than one's own"),
    Permission.PRIVACY_EDIT: pgettext_lazy(
        "staff", "say how long clients' data are kept; export and erase one client's data"
    ),
    Permission.AUDIT_VIEW: pgettext_lazy("staff", "read the audit log"),
    Permission.API_KEYS_VIEW: pgettext_lazy("staff", "see the API keys"),
    Permission.API_KEYS_EDIT: pgettext_lazy("staff", "make and revoke them"),
    Permission.INTEGRATIONS_VIEW: pgettext_lazy("staff", "see how the connections fare"),
    Permission.INTEGRATIONS_EDIT: pgettext_lazy(
        "staff", "connect, test, synchronise, choose statuses, install the ticket panel"
    ),
}

_VERBS = {
    "view": pgettext_lazy("staff", "View"),
    "view_own": pgettext_lazy("staff", "View own"),
    "view_all": pgettext_lazy("staff", "View all"),
    "create": pgettext_lazy("staff", "Create"),
    "add": pgettext_lazy("staff", "Add"),
    "edit": pgettext_lazy("staff", "Edit"),
    "edit_own": pgettext_lazy("staff", "Edit own"),
    "edit_all": pgettext_lazy("staff", "Edit all"),
    "activate": pgettext_lazy("staff", "Activate"),
    "reset_second_factor": pgettext_lazy("staff", "Reset second factor"),
    "cancel_own": pgettext_lazy("staff", "Cancel own"),
    "cancel_all": pgettext_lazy("staff", "Cancel all"),
    "delete": pgettext_lazy("staff", "Delete"),
    "export": pgettext_lazy("staff", "Export"),
}


def permissions_by_area() -> Iterator[tuple[Promise, list[Permission]]]:
    """The label of each part of the product with its permissions, in the order of the screens."""
    for area, label in AREAS.items():
        yield label, [permission for permission in Permission if permission.area == area]


def verb(permission: Permission) -> str:
    """What it is called beside its area: "View own", "Reset second factor"."""
    return str(_VERBS[permission.value.partition(".")[2]])
