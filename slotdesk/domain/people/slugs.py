"""Address parts: how people and teams are called in links."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import pgettext_lazy

from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account

_RULE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RULE_IN_WORDS = pgettext_lazy("staff", "Small letters, digits and single hyphens between them, such as help-desk.")


class SlugTaken(Exception):
    """Somebody else, a team or another page has this address part."""


class BadSlug(ValueError):
    """The address part does not keep to RULE_IN_WORDS."""


def is_slug(text: str) -> bool:
    """Whether the text keeps to RULE_IN_WORDS."""
    return _RULE.fullmatch(text) is not None


# What other pages' addresses begin with, or may one day.
RESERVED = frozenset(
    {"accounts", "admin", "api", "app", "assets", "b", "book", "booking", "brand", "docs", "embed", "healthz", "help"}
    | {"hooks", "join", "login", "logout", "metrics", "panel", "readyz", "robots", "saml", "schedule", "scim", "static"}
    | {"well-known", "widget"}
)


def is_taken(slug: str, *, account: Account, besides: models.Model | None = None) -> bool:
    """Whether another page, person or team has this address part: links call them all in the same place."""
    if slug in RESERVED:
        return True
    agents, teams = (model.objects.filter(account=account, slug=slug) for model in (Agent, Team))
    if isinstance(besides, Agent):
        agents = agents.exclude(pk=besides.pk)
    if isinstance(besides, Team):
        teams = teams.exclude(pk=besides.pk)
    return agents.exists() or teams.exists()


def free_slug(model: type[models.Model], account: Account, name: str) -> str:
    """Return an address part made from the name that no row of the model, or whatever shares its place, has yet."""
    base = slugify(name)[:50].strip("-_").replace("_", "-") or model.__name__.lower()
    taken: set[str] = set(RESERVED) if model in (Agent, Team) else set()
    for each in (Agent, Team) if model in (Agent, Team) else (model,):
        rows = each._default_manager.filter(account=account, slug__startswith=base)  # noqa: SLF001 — Django documents it
        taken |= set(rows.values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def set_slug(resource: Agent | Team, slug: str, *, actor: str, now: datetime) -> None:
    """
    Call the agent or team so in links, in the caller's transaction; links with the former address part die.

    Raises BadSlug, SlugTaken.
    """
    if not is_slug(slug):
        raise BadSlug(slug)
    if is_taken(slug, account=resource.account, besides=resource):
        raise SlugTaken(slug)
    table = type(resource)
    before = table.objects.select_for_update(no_key=True).get(pk=resource.pk).slug
    if slug == before:
        return
    try:
        with transaction.atomic():
            table.objects.filter(pk=resource.pk).update(slug=slug)
    except IntegrityError:  # somebody was given it in this very moment
        raise SlugTaken(slug) from None
    record(
        account=resource.account,
        kind="agent.changed" if isinstance(resource, Agent) else "team.changed",
        subject=resource.public_id,
        now=now,
        actor=actor,
        changes={"slug": (before, slug)},
    )
