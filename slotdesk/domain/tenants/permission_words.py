"""What each permission allows, in words: the roles page and docs/reference/permissions.md say the same."""

from __future__ import annotations

from collections.abc import Iterator

from slotdesk.domain.tenants.permissions import Permission

AREAS = {
    "requests": "Requests and appointments",
    "appointments": "Manual appointments",
    "calendars": "Calendars",
    "types": "Appointment types",
    "users": "Users",
    "teams": "Teams",
    "branding": "Branding",
    "email": "E-mail",
    "attributes": "Custom attributes",
    "account": "Account",
    "security": "Roles and sign-in",
    "privacy": "Privacy",
    "audit": "Audit log",
    "api_keys": "API keys",
    "integrations": "Integrations",
}
MEANINGS = {
    Permission.REQUESTS_VIEW_OWN: "see the requests that ask for oneself, or for a team one is in",
    Permission.REQUESTS_VIEW_ALL: "see every request of the account",
    Permission.REQUESTS_CREATE: (
        "ask a client to schedule, make links for one client or one ticket, and fill in the custom attributes of "
        "requests one may see"
    ),
    Permission.REQUESTS_CANCEL_OWN: (
        "cancel requests and appointments of one's own, try their failed steps again, and take back links that one made"
    ),
    Permission.REQUESTS_CANCEL_ALL: "the same for everybody's",
    Permission.REQUESTS_EXPORT: "download as CSV the requests that one may see",
    Permission.APPOINTMENTS_CREATE: "enter an appointment at a time that was agreed with the client",
    Permission.CALENDARS_VIEW_OWN: "see one's own calendar in the dispatch view",
    Permission.CALENDARS_VIEW_ALL: "see everybody's",
    Permission.CALENDARS_EDIT_OWN: "move one's own appointments, and mark one's own entries as private",
    Permission.CALENDARS_EDIT_ALL: "move and reassign everybody's",
    Permission.TYPES_VIEW: "see the appointment types and their settings",
    Permission.TYPES_CREATE: "make new ones",
    Permission.TYPES_EDIT: "change and reorder them",
    Permission.TYPES_DELETE: "archive them and bring them back",
    Permission.USERS_VIEW: "see the people and their hours",
    Permission.USERS_ADD: "invite people, with roles that allow no more than one's own",
    Permission.USERS_EDIT: "change a person's details, custom attributes, hours and calendars",
    Permission.USERS_ACTIVATE: "say whether clients can book a person",
    Permission.USERS_RESET_SECOND_FACTOR: "take a person's second factor off",
    Permission.USERS_DELETE: "deactivate a person, and hand over what is theirs",
    Permission.TEAMS_VIEW: "see the teams",
    Permission.TEAMS_ADD: "make new ones",
    Permission.TEAMS_EDIT: "change who is in them and how they choose",
    Permission.TEAMS_DELETE: "remove them",
    Permission.BRANDING_VIEW: "see logo, colours, page texts, and the websites that may embed booking pages",
    Permission.BRANDING_EDIT: "change them",
    Permission.EMAIL_VIEW: "see e-mail settings and templates",
    Permission.EMAIL_EDIT: "change them",
    Permission.ATTRIBUTES_VIEW: "see the custom attributes",
    Permission.ATTRIBUTES_EDIT: "add and change them",
    Permission.ACCOUNT_VIEW: "see the account's settings",
    Permission.ACCOUNT_EDIT: "change them",
    Permission.SECURITY_VIEW: "see roles, sign-in rules and who has which role",
    Permission.SECURITY_EDIT: "change them, and give roles that allow no more than one's own",
    Permission.PRIVACY_EDIT: "say how long clients' data are kept; export and erase one client's data",
    Permission.AUDIT_VIEW: "read the audit log",
    Permission.API_KEYS_VIEW: "see the API keys",
    Permission.API_KEYS_EDIT: "make and revoke them",
    Permission.INTEGRATIONS_VIEW: "see how the connections fare",
    Permission.INTEGRATIONS_EDIT: "connect, test, synchronise, choose statuses, install the ticket panel",
}


def permissions_by_area() -> Iterator[tuple[str, list[Permission]]]:
    """The label of each part of the product with its permissions, in the order of the screens."""
    for area, label in AREAS.items():
        yield label, [permission for permission in Permission if permission.area == area]


def verb(permission: Permission) -> str:
    """What it is called beside its area: "View own", "Reset second factor"."""
    return permission.value.partition(".")[2].replace("_", " ").capitalize()
