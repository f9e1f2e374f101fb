"""The texts of the booking form that a type may word in its own way."""

from __future__ import annotations

from collections.abc import Mapping

# Key → our own words. A type's `labels` and a request's frozen ones hold what differs from these.
LABELS: Mapping[str, str] = {
    "details": "Your details",
    "name": "Your name",
    "email": "E-mail address",
    "company": "Company",
    "phone": "Phone number",
    "note": "Anything we should know?",
    "guests": "Guests",
    "book": "Book this time",
}
MOST_LABEL = 120


def label_texts(own: Mapping[str, str]) -> dict[str, str]:
    """Return every text, the type's own words where it has some."""
    return {key: own.get(key) or text for key, text in LABELS.items()}
