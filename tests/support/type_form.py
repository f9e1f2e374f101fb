"""A type's editor as somebody has filled it in."""

from __future__ import annotations

from typing import Any

from slotdesk.domain.catalog.models import AppointmentType

ENTERED: dict[str, Any] = {
    "internal_name": "Onsite visit",
    "external_name": "Visit",
    "slug": "visit",
    "place": "onsite",
    "description": "We come to you.",
    "duration": "90",
    "increment": "30",
    "buffer_before": "15",
    "buffer_after": "45",
    "notice_amount": "4",
    "notice_unit": "business_hours",
    "window_amount": "0",
    "window_unit": "days",
    "daily_maximum": "3",
    "phone_rule": "required",
    "meeting": "none",
    "change_notice_amount": "1",
    "change_notice_unit": "days",
    "moved_to": "same",
    "no_response_amount": "4",
    "no_response_unit": "days",
    "reminders-row": ["0", "1"],
    "reminders-0-amount": "1",
    "reminders-0-unit": "days",
    "reminders-1-amount": "50",
    "reminders-1-unit": "hours",
    "asks_note": "on",
    "asks_guests": "on",
    "shareable": "off",
    "new_contacts": "create",
    "section": "options",
}
QUESTION = {
    "questions-row": ["0"],
    "questions-0-label": "Which device?",
    "questions-0-kind": "text",
    "questions-0-is_written_to_ticket": "on",
}


def url_of(kind: AppointmentType) -> str:
    return f"/app/types/{kind.public_id}/"
