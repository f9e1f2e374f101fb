"""Which calendars are to be read again, and reading them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import F, Q

from slotdesk.domain.connections.busy_mirror import FRESH_FOR, read_calendar
from slotdesk.domain.connections.models import Calendar, Connection
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports import errors


def list_connections() -> list[int]:
    """Every account's connections, for upkeep."""
    with all_accounts():  # upkeep is for everybody
        return list(Connection.objects.order_by("id").values_list("pk", flat=True))


def refresh_connection(*, connection_id: int, clock: Callable[[], datetime]) -> None:
    """
    Read those of the connection's calendars that are not fresh, the stalest first.

    Ends at the first fault, which the next would meet too; the next turn begins again.
    """
    with all_accounts():  # the job knows the connection by its id alone
        connection = Connection.objects.select_related("account").filter(pk=connection_id).first()
    if connection is None:
        return
    with active(connection.account):
        stale = (
            Calendar.objects.filter(
                Q(synced_at=None) | Q(synced_at__lt=clock() - FRESH_FOR) | Q(is_changed=True),
                connection=connection,
                is_blocking=True,
                agent__is_active=True,
                agent__is_schedulable=True,
            )
            .select_related("connection__account", "agent")
            .order_by(F("synced_at").asc(nulls_first=True), "id")
        )
        for calendar in stale:
            try:
                read_calendar(calendar=calendar, now=clock())
            except errors.PortError:
                return


def forget_freshness(*, connection: Connection, member_id: str = "") -> None:
    """The vendor says that schedules changed: read them at the next turn, though what is known may serve until then."""
    calendars = Calendar.objects.filter(connection=connection)
    if member_id:
        calendars = calendars.filter(external_id=member_id)
    calendars.update(is_changed=True)
