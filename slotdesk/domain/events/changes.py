"""What an edit changed, as the audit log keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

Changes = dict[str, tuple[Any, Any]]

# What every row has and nobody edits.
_NOT_EDITED = frozenset({"id", "public_id", "account", "created_at", "updated_at"})


def values_of(row: models.Model, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """
    Return the row's editable columns as plain JSON: durations in minutes, a related row as the name people read.

    without   columns that are secret or say nothing
    """
    left_out = _NOT_EDITED | set(without)
    return {
        field.name: _plain(getattr(row, field.name))
        for field in row._meta.concrete_fields  # noqa: SLF001 — documented for everybody's use
        if field.name not in left_out
    }


def changes_between(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Changes:
    """Return field → (before, after) for what differs; without a before, for everything that is filled in."""
    if before is None:
        return {field: (None, value) for field, value in after.items() if value not in (None, "", [], {})}
    return {field: (before.get(field), value) for field, value in after.items() if before.get(field) != value}


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value // timedelta(minutes=1)
    if isinstance(value, models.Model):
        return str(value)
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
