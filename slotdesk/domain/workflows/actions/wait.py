"""Let time pass before the steps that follow in the branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from slotdesk.domain.workflows.actions.base import Context, Done, Will
from slotdesk.lib.marks import gettext_noop

_MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}


class Settings(BaseModel):
    """How long. A day is 24 hours, also in the nights when clocks change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(default=1, title=gettext_noop("How long"), ge=1, le=1000)
    unit: Literal["minutes", "hours", "days"] = Field(default="hours", title=gettext_noop("Unit"))


def minutes_of(settings: Mapping[str, Any]) -> int:
    told = Settings.model_validate(settings)
    return told.amount * _MINUTES[told.unit]


def prepare(context: Context) -> Will:
    """The waiting was done by the moment at which this run, and those that follow it, became due."""
    told = Settings.model_validate(context.settings)
    length = f"{told.amount} {told.unit[:-1] if told.amount == 1 else told.unit}"
    return Will(f"Waits {length}, then goes on.", lambda: Done(f"{length.capitalize()} have passed."))
