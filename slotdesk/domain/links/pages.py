"""
Personal pages and team pages: what may be booked with one person or team, each entry leading to its shareable link.

A page lists by itself whatever can be booked; its entries put that in order, say more of it, or leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from slotdesk.domain.booking.asked import asked_of, is_bookable
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.changes import Changes, changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.events.own_texts import put_translation
from slotdesk.domain.links.models import PageEntry, PublicPage
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.slugs import set_slug


@dataclass(frozen=True, slots=True)
class Offer:
    """One appointment type of a page. text: the page's own words on it, may be empty."""

    appointment_type: AppointmentType
    text: str = ""
    is_hidden: bool = False


def find_page(slug: str) -> PublicPage | None:
    """Return the page of whoever of the active account is called so in links, if it is on and they are still here."""
    pages = PublicPage.objects.select_related("account", "agent", "team").filter(is_on=True)
    return (
        pages.filter(agent__slug=slug, agent__is_active=True).first()
        or pages.filter(team__slug=slug, team__is_active=True).first()
    )


def get_page(resource: Agent | Team) -> PublicPage:
    """Return the page; an empty one, not stored, where nobody has said anything yet."""
    owner = _owner(resource)
    return PublicPage.objects.filter(**owner).first() or PublicPage(account=resource.account, **owner)


def list_offers(page: PublicPage) -> list[Offer]:
    """
    Return every type that can be booked by shareable link with whose page it is, in the page's order, hidden ones too;
    types that the page says nothing of come last, in the account's order.
    """
    resource = page.resource
    named = {f"resources__{name}": value for name, value in _owner(resource).items()}
    types = (
        AppointmentType.objects.filter(Q(resources=None) | Q(**named), is_archived=False)
        .exclude(shareable=AppointmentType.Shareable.OFF)
        .exclude(slug="")
        .distinct()
        .order_by("position", "id")
    )
    entries = {entry.appointment_type_id: entry for entry in page.entries.all()} if page.pk else {}
    last = len(entries)
    ordered = sorted(types, key=lambda each: entries[each.pk].position if each.pk in entries else last)
    return [
        Offer(each, entries[each.pk].text, entries[each.pk].is_hidden) if each.pk in entries else Offer(each)
        for each in ordered
    ]


def list_bookable(page: PublicPage) -> list[Offer]:
    """Return what clients see on the page: nothing while nobody can be booked."""
    resource = page.resource
    if isinstance(resource, Agent):
        is_able = is_bookable(resource)
    else:
        is_able = any(each.agents for each in asked_of([resource]))
    return [offer for offer in list_offers(page) if not offer.is_hidden] if is_able else []


@transaction.atomic(durable=True)
def save_page(*, page: PublicPage, slug: str, offers: Sequence[Offer], actor: str, now: datetime) -> None:
    """
    Store the page, the address part of whose it is, and what it says of these types, in this order.

    What it says of types that are not among them, such as one whose links are off for now, stays, after them.
    Raises BadSlug, SlugTaken; then nothing is stored.
    """
    resource = page.resource
    set_slug(resource, slug, actor=actor, now=now)
    # Whoever comes second waits here for the first one's page, and then changes that one.
    type(resource).objects.select_for_update(no_key=True).get(pk=resource.pk)
    stored = PublicPage.objects.filter(**_owner(resource)).first()
    before = _told(stored) if stored else None
    if stored:
        page.pk, page._state.adding = stored.pk, False  # noqa: SLF001 — documented by Django
    page.save()
    _put_entries(page, offers)
    changes: Changes = changes_between(before, _told(page))
    if changes:
        record(
            account=page.account,
            kind="agent.page_changed" if isinstance(resource, Agent) else "team.page_changed",
            subject=resource.public_id,
            now=now,
            actor=actor,
            changes=changes,
        )


@transaction.atomic(durable=True)
def translate_page(*, page: PublicPage, language: str, texts: Mapping[str, str], actor: str, now: datetime) -> None:
    """Store a stored page's texts in one language."""
    changes = put_translation(page, language, texts)
    if changes:
        record(
            account=page.account,
            kind="agent.page_changed" if isinstance(page.resource, Agent) else "team.page_changed",
            subject=page.resource.public_id,
            now=now,
            actor=actor,
            changes=changes,
        )


def _put_entries(page: PublicPage, offers: Sequence[Offer]) -> None:
    offered = {offer.appointment_type.pk: offer for offer in offers}
    others = list(PageEntry.objects.filter(page=page).exclude(appointment_type__in=offered).order_by("position", "id"))
    PageEntry.objects.filter(page=page, appointment_type__in=offered).delete()
    PageEntry.objects.bulk_create(
        PageEntry(page=page, appointment_type_id=pk, position=position, text=offer.text, is_hidden=offer.is_hidden)
        for position, (pk, offer) in enumerate(offered.items())
    )
    for position, entry in enumerate(others, start=len(offered)):
        entry.position = position
    PageEntry.objects.bulk_update(others, ["position"])


def _told(page: PublicPage) -> dict[str, object]:
    """What the audit log tells of a page, as it is in the database."""
    entries = PageEntry.objects.filter(page=page).select_related("appointment_type").order_by("position", "id")
    told = values_of(PublicPage.objects.get(pk=page.pk), without=("agent", "team"))
    return told | {"entries": [_say(entry) for entry in entries]}


def _say(entry: PageEntry) -> str:
    name = f"{entry.appointment_type}{' (hidden)' if entry.is_hidden else ''}"
    return f"{name}: {entry.text}" if entry.text else name


def _owner(resource: Agent | Team) -> dict[str, Agent | Team]:
    return {"agent" if isinstance(resource, Agent) else "team": resource}
