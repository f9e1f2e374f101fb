"""What the audit log calls things: the names of what events happened to, and events in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.urls import reverse

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.messages.models import Template
from slotdesk.domain.people.models import Agent, HolidayList, Team
from slotdesk.domain.tenants.models import Invitation, Membership, Role
from slotdesk.web.staff.audit_kinds import KINDS

# Prefix of the public id → its table, the columns of its name, and its page where it has one.
_TABLES: dict[str, tuple[type[models.Model], tuple[str, ...], str]] = {
    "sreq": (SchedulingRequest, ("internal_name", "client_name"), "staff:request"),
    "apty": (AppointmentType, ("internal_name",), "staff:type"),
    "agnt": (Agent, ("name",), "staff:user"),
    "team": (Team, ("internal_name",), "staff:team"),
    "hlst": (HolidayList, ("name",), "staff:holiday-list"),
    "conn": (Connection, ("label",), ""),
    "role": (Role, ("name",), "staff:role"),
    "user": (Membership, ("user__name",), "staff:user"),
    "attr": (Attribute, ("name",), "staff:attribute"),
    "tmpl": (Template, ("name",), "staff:template"),
    "invt": (Invitation, ("email",), ""),
    "slnk": (SignedLink, ("email", "ticket_number"), ""),
}


class Subject(NamedTuple):
    """name: empty for what is not there any more; url: empty for what has no page."""

    name: str
    url: str


def name_subjects(public_ids: Iterable[str]) -> dict[str, Subject]:
    """Return the subjects of the active account by their ids, with one query a table."""
    by_prefix: dict[str, set[str]] = defaultdict(set)
    for public_id in public_ids:
        by_prefix[public_id.partition("_")[0]].add(public_id)
    named = {}
    for prefix, ids in by_prefix.items():
        if prefix not in _TABLES:
            continue
        table, columns, route = _TABLES[prefix]
        manager = table._default_manager  # noqa: SLF001 — documented for everybody's use
        for public_id, *parts in manager.filter(public_id__in=ids).values_list("public_id", *columns):
            name = ", ".join(part for part in parts if part)
            named[public_id] = Subject(name, reverse(route, args=[public_id]) if route else "")
    return named


def say_kind(kind: str) -> str:
    """Return what happened, in words; by its key what only older versions recorded."""
    return str(KINDS.get(kind, kind))
