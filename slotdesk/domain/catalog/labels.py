"""The texts of the booking form that a type may word in its own way."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# Key → our own words. A type's `labels` and a request's frozen ones hold what differs from these.
LABELS: Mapping[str, Promise] = {
    "details": gettext_lazy("Your details"),
    "name": gettext_lazy("Your name"),
    "email": gettext_lazy("E-mail address"),
    "company": gettext_lazy("Company"),
    "phone": gettext_lazy("Phone number"),
    "note": gettext_lazy("Anything we should know?"),
    "guests": gettext_lazy("Guests"),
    "book": gettext_lazy("Book this time"),
}
MOST_LABEL = 120


def label_texts(own: Mapping[str, str]) -> dict[str, str]:
    """Return every text, the type's own words where it has some."""
    return {key: own.get(key) or str(text) for key, text in LABELS.items()}
