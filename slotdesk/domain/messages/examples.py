"""What previews are filled with: made-up values that look like the account's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.variables import VARIABLES, Variable, sample_values
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.tenants.models import Account

_AT = time(14, 30)


def examples_for(
    account: Account, kind: Kind, *, now: datetime, variables: Iterable[Variable] = VARIABLES
) -> dict[str, Any]:
    """Return the examples of the variables, with the account's name, and times to come as its clients read them."""
    values = sample_values(kind, variables)
    values["account"]["name"] = account.name
    zone = ZoneInfo(account.zone)
    today = now.astimezone(zone).date()
    for name, days in (("previous_time", 1), ("agreed_time", 2)):
        if values["appointment"][name]:
            moment = datetime.combine(today + timedelta(days=days), _AT, zone)
            values["appointment"][name] = say_moment(moment, zone=account.zone, country=account.country)
    return values
