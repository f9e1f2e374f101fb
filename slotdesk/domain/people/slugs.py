"""Address parts: how people and teams are called in links."""

from __future__ import annotations

import re

from django.db import models
from django.utils.text import slugify

from slotdesk.domain.tenants.models import Account

_RULE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RULE_IN_WORDS = "Small letters, digits and single hyphens between them, such as help-desk."


def is_slug(text: str) -> bool:
    """Whether the text keeps to RULE_IN_WORDS."""
    return _RULE.fullmatch(text) is not None


def free_slug(model: type[models.Model], account: Account, name: str) -> str:
    """Return an address part made from the name that no row of the model has yet in the account."""
    base = slugify(name)[:50].strip("-_").replace("_", "-") or model.__name__.lower()
    rows = model._default_manager.filter(account=account, slug__startswith=base)  # noqa: SLF001 — Django documents it
    taken = set(rows.values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
