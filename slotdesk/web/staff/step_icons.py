"""The picture of each action, wherever a step of it is shown."""

from __future__ import annotations

_ICONS = {
    "send_email": "mail",
    "send_own_email": "mail",
    "add_note": "note",
    "write_entry": "calendar",
    "create_activity": "calendar-check",
    "set_ticket_status": "tag",
    "set_ticket_owner": "user",
    "create_or_match_contact": "user-plus",
    "wait": "clock",
    "post_to_chat": "send",
    "call_webhook": "plug",
    "close_request": "archive",
    "cancel_appointment": "calendar-off",
    "add_meeting": "monitor",
    "update_contact_phone": "phone",
    "create_ticket": "ticket",
}


def icon_of(action: str) -> str:
    return _ICONS.get(action, "info")
