"""What a type's editor says of links: the settings of shareable ones, and ready addresses to pass on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.new_contacts import NewContacts
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.links.addresses import shareable_link, ticket_link
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.workflows.picks import Choices, list_many_choices
from slotdesk.lib.colors import Color, ink_upon

# The PSA's own: field → what it is chosen from.
_PICKS = {
    "company_type_id": "company_types",
    "company_status_id": "company_statuses",
    "board_id": "boards",
    "ticket_type_id": "ticket_types",
    "priority_id": "priorities",
    "activity_type_id": "activity_types",
}
LINK_FIELDS = (
    *("shareable", "new_contacts", "checks_email", "redirect_url", "ticket_summary", "catch_all_company_id"),
    *_PICKS,
)
LABELS = {
    "shareable": gettext_lazy("Shareable URLs"),
    "checks_email": gettext_lazy("Clients prove their e-mail address by a code"),
    "redirect_url": gettext_lazy("Where the browser goes after a booking"),
    "new_contacts": gettext_lazy("New contact handling"),
    "company_type_id": gettext_lazy("Type of a new company"),
    "company_status_id": gettext_lazy("Status of a new company"),
    "catch_all_company_id": gettext_lazy("Company for all new contacts"),
    "board_id": gettext_lazy("Board"),
    "ticket_type_id": gettext_lazy("Ticket type"),
    "priority_id": gettext_lazy("Priority"),
    "ticket_summary": gettext_lazy("Summary"),
    "activity_type_id": gettext_lazy("Activity type"),
}
HELP_TEXTS = {
    "shareable": gettext_lazy(
        "For e-mail signatures, campaigns and websites. Links that name a ticket work in any case."
    ),
    "checks_email": gettext_lazy("Once a browser. Always, where some clients are refused."),
    "redirect_url": gettext_lazy("Such as your own page of thanks. Empty: the appointment’s page."),
    "new_contacts": gettext_lazy(
        "For clients whose address your PSA does not know. Gmail and the like never count as a company’s."
    ),
    "catch_all_company_id": gettext_lazy("A company of your PSA."),
    "ticket_summary": gettext_lazy("The same for all. Empty: the appointment type and the client."),
}
_DEFAULT = ("", gettext_lazy("The PSA’s default"))


def settle_choices(fields: Mapping[str, forms.Field], instance: AppointmentType) -> dict[str, forms.Field]:
    """Return the fields of what the PSA offers as menus; where it cannot be asked now, its numbers can be typed."""
    offered = list_many_choices(_PICKS.values())
    made: dict[str, forms.Field] = {}
    for name, pick in _PICKS.items():
        choices = offered.get(pick)
        if choices is None:
            continue
        stored = getattr(instance, name)
        known = {value for value, _label in choices}
        gone: Choices = (
            [(stored, gettext("Number %(stored)s, not there any more") % {"stored": stored})]
            if stored and stored not in known
            else []
        )
        label, text = fields[name].label, fields[name].help_text
        empty = ("", gettext("Choose…")) if name == "board_id" else _DEFAULT
        made[name] = forms.ChoiceField(label=label, help_text=text, required=False, choices=[empty, *gone, *choices])
    return made


def check(cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what does not fit together, field by field."""
    shareable = cleaned.get("shareable")
    if shareable == AppointmentType.Shareable.OFF:
        return
    if not cleaned.get("slug"):
        yield "slug", gettext("Shareable links need an address part.")
    if shareable == AppointmentType.Shareable.TICKET and not cleaned.get("board_id") and find_psa() is not None:
        yield "board_id", gettext("Choose the board on which the tickets are created.")
    if cleaned.get("new_contacts") == NewContacts.CATCH_ALL and not cleaned.get("catch_all_company_id"):
        yield "catch_all_company_id", gettext("Give the company that all new contacts go to.")


@dataclass(frozen=True, slots=True)
class Address:
    """kind: what it is for. button: the HTML of a button that leads there."""

    kind: str
    url: str
    button: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The links of one person or team. slug: theirs."""

    name: str
    slug: str
    is_team: bool
    addresses: list[Address]


def ready_links(appointment_type: AppointmentType, resources: Sequence[Agent | Team]) -> list[Ready]:
    """The links of everybody whom the type may ask; none for a type without an address part."""
    if not appointment_type.slug:
        return []
    account, psa = appointment_type.account, find_psa()
    token = get_manifest(psa.kind).ticket_token if psa else ""

    def addresses(resource: Agent | Team) -> Iterator[Address]:
        if token:
            url = ticket_link(account, [resource], appointment_type, token)
            yield make_address(appointment_type, gettext("For a ticket"), url)
        if appointment_type.shareable != AppointmentType.Shareable.OFF:
            url = shareable_link(account, [resource], appointment_type)
            yield make_address(appointment_type, gettext("Shareable"), url)

    return [
        Ready(
            name=each.client_name if isinstance(each, Team) else each.name,
            slug=each.slug,
            is_team=isinstance(each, Team),
            addresses=list(addresses(each)),
        )
        for each in resources
    ]


def make_address(appointment_type: AppointmentType, kind: str, url: str) -> Address:
    """The address with all that it can be copied as."""
    color = Color.read(appointment_type.account.brand_color)
    return Address(kind, url, _button(url, appointment_type.client_name, color))


def _button(url: str, text: str, color: Color) -> str:
    style = (
        f"display:inline-block;padding:12px 24px;border-radius:8px;background:{color.write()};"
        f"color:{ink_upon(color).write()};font-family:sans-serif;font-weight:600;text-decoration:none"
    )
    return f'<a href="{escape(url)}" style="{style}">{escape(text)}</a>'
