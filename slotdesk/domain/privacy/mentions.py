"""A client's address where it stands in other people's rows: as a guest's, in a note, in how a step ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from slotdesk.domain.events.door import Purpose, open_door
from slotdesk.domain.privacy.classified import CLIENT_DATA, Kept

MASK = "(removed)"
_WITH_WORDS = (models.CharField, models.TextField, models.JSONField)


def mask_address(email: str) -> int:
    """
    Put a mask over the address wherever the active account's rows mention it; return in how many they did.

    What else such a row says is somebody else's. In the caller's transaction, after the client's own rows are gone.
    """
    hide = _hiding(email)
    with open_door(Purpose.ERASURE):  # history says it too
        return sum(_mask_row(row, fields, hide) for row, fields in _rows_saying(email))


def _rows_saying(email: str) -> Iterator[tuple[models.Model, list[str]]]:
    for kept in CLIENT_DATA:
        model, fields = apps.get_model(kept.table), _wordy_fields(kept)
        said = Q()
        for field in fields:
            said |= Q(**{f"{field}__icontains": email})
        rows: Iterable[models.Model] = model._default_manager.filter(said)  # noqa: SLF001 — documented for all
        for row in rows:
            yield row, fields


def _wordy_fields(kept: Kept) -> list[str]:
    options = apps.get_model(kept.table)._meta  # noqa: SLF001 — documented for everybody's use
    return [name for name in kept.fields if isinstance(options.get_field(name), _WITH_WORDS)]


def _mask_row(row: models.Model, fields: list[str], hide: Callable[[str], str]) -> bool:
    before = {name: getattr(row, name) for name in fields}
    after = {name: _masked(value, hide) for name, value in before.items()}
    changed = {name: value for name, value in after.items() if value != before[name]}
    if changed:
        type(row)._default_manager.filter(pk=row.pk).update(**changed)  # noqa: SLF001 — documented for everybody's use
    return bool(changed)


def _masked(value: Any, hide: Callable[[str], str]) -> Any:
    match value:
        case str():
            return hide(value)
        case list():
            return [_masked(each, hide) for each in value]
        case dict():
            return {name: _masked(each, hide) for name, each in value.items()}
    return value


def _hiding(email: str) -> Callable[[str], str]:
    """The address itself, in any case of its letters, and no longer one that it is a part of."""
    whole = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
    return lambda text: whole.sub(MASK, text)
