"""
The parts of the product that events tell of, as the audit log's filter offers them.

A test holds this table against docs/reference/events.md, so that no event can be recorded that the filter would miss.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# Area → its label, and what stands before the dot of its events' kinds.
AREAS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "request": (pgettext_lazy("staff", "Requests"), ("request", "ticket", "opening_alert")),
    "appointment": (pgettext_lazy("staff", "Appointments"), ("appointment",)),
    "appointment_type": (pgettext_lazy("staff", "Appointment types"), ("appointment_type",)),
    "signed_link": (pgettext_lazy("staff", "Links for one client or ticket"), ("signed_link",)),
    "agent": (pgettext_lazy("staff", "People’s hours and calendars"), ("agent",)),
    "holiday_list": (pgettext_lazy("staff", "Holidays"), ("holiday_list",)),
    "team": (pgettext_lazy("staff", "Teams"), ("team",)),
    "member": (pgettext_lazy("staff", "Users"), ("member",)),
    "invitation": (pgettext_lazy("staff", "Invitations"), ("invitation",)),
    "role": (pgettext_lazy("staff", "Roles"), ("role",)),
    "sign_in": (pgettext_lazy("staff", "Signing in"), ("security", "single_sign_on", "join_domain", "user")),
    "email_template": (pgettext_lazy("staff", "E-mail templates"), ("email_template",)),
    "attribute": (pgettext_lazy("staff", "Custom attributes"), ("attribute",)),
    "account": (pgettext_lazy("staff", "Account"), ("account",)),
    "brand": (pgettext_lazy("staff", "Branding"), ("brand",)),
    "privacy": (pgettext_lazy("staff", "Privacy"), ("privacy",)),
    "connection": (pgettext_lazy("staff", "Integrations"), ("connection",)),
}


def prefixes_of(area: str) -> tuple[str, ...]:
    """What the kinds of an area's events begin with, the dot included; none for an area that is not there."""
    _label, prefixes = AREAS.get(area, ("", ()))
    return tuple(f"{prefix}." for prefix in prefixes)
