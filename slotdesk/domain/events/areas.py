"""
The parts of the product that events tell of, as the audit log's filter offers them.

A test holds this table against docs/reference/events.md, so that no event can be recorded that the filter would miss.
"""

from __future__ import annotations

# Area → its label, and what stands before the dot of its events' kinds.
AREAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "request": ("Requests", ("request", "ticket")),
    "appointment": ("Appointments", ("appointment",)),
    "appointment_type": ("Appointment types", ("appointment_type",)),
    "signed_link": ("Links for one client or ticket", ("signed_link",)),
    "agent": ("People’s hours and calendars", ("agent",)),
    "holiday_list": ("Holidays", ("holiday_list",)),
    "team": ("Teams", ("team",)),
    "member": ("Users", ("member",)),
    "invitation": ("Invitations", ("invitation",)),
    "role": ("Roles", ("role",)),
    "sign_in": ("Signing in", ("security", "single_sign_on", "join_domain", "user")),
    "email_template": ("E-mail templates", ("email_template",)),
    "attribute": ("Custom attributes", ("attribute",)),
    "account": ("Account", ("account",)),
    "brand": ("Branding", ("brand",)),
    "privacy": ("Privacy", ("privacy",)),
    "connection": ("Integrations", ("connection",)),
}


def prefixes_of(area: str) -> tuple[str, ...]:
    """What the kinds of an area's events begin with, the dot included; none for an area that is not there."""
    _label, prefixes = AREAS.get(area, ("", ()))
    return tuple(f"{prefix}." for prefix in prefixes)
