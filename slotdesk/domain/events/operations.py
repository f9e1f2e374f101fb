"""Recording what happened, with the one job that makes its effects follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.models import Account

REACT = "react_to_event"


class NoTransaction(RuntimeError):
    """record() was called outside of a transaction; open one around the change that the event tells of."""


def record(
    *,
    account: Account,
    kind: str,
    subject: str,
    now: datetime,
    actor: str = "",
    data: dict[str, Any] | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> Event:
    """
    Write down that something happened and defer the job that reacts to it.

    Both are rows of the caller's transaction: they stand or fall with the change itself.

    actor     empty for the system; an Actor also says from where
    changes   field → (before, after), as plain JSON; never a secret
    Raises NoTransaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(kind)
    event = Event.objects.create(
        account=account,
        kind=kind,
        subject=subject,
        actor=actor[:160],
        member_id=getattr(actor, "member_id", ""),
        address=getattr(actor, "address", "") or None,
        data=data or {},
        changes={field: list(pair) for field, pair in (changes or {}).items()},
        created_at=now,
    )
    app.configure_task(REACT, queue="events").defer(event_id=event.pk)
    return event
