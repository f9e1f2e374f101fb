"""Connecting a vendor, and noting how the connection fares. Network first, then a short transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from pydantic import BaseModel

from slotdesk.domain.connections.credentials import say_changes, seal, unseal
from slotdesk.domain.connections.models import Board, BusyPeriod, Connection, ExternalLink, Moment, PresetStatus
from slotdesk.domain.connections.registry import PATIENT, make_psa, open_psa
from slotdesk.domain.events.changes import changes_between
from slotdesk.domain.events.operations import record
from slotdesk.domain.events.plain_words import in_plain_words
from slotdesk.domain.tenants.models import Account
from slotdesk.lib.crypto import CannotDecrypt
from slotdesk.ports import errors
from slotdesk.ports.psa import Check


class AnotherPsa(Exception):
    """The account has a PSA of another kind already; it can have one."""


def test_settings(*, kind: str, values: BaseModel) -> Check:
    """Call the vendor with these settings, storing nothing. Raises ports.errors.PortError."""
    return make_psa(kind, values, seconds=PATIENT).check()


def save_connection(*, account: Account, kind: str, values: BaseModel, actor: str, now: datetime) -> Connection:
    """
    Test the settings and, if the vendor takes them, connect the account with them or replace what it had.

    Settings that fail are not stored, so a working connection stays as it was. Raises ports.errors.PortError,
    AnotherPsa.
    """
    check = test_settings(kind=kind, values=values)
    with transaction.atomic(durable=True):
        if Connection.objects.exclude(kind=kind).filter(account=account).exists():
            raise AnotherPsa(kind)
        stored = Connection.objects.select_for_update().filter(account=account, kind=kind).first()
        connection, created = Connection.objects.update_or_create(
            account=account,
            kind=kind,
            defaults={
                "settings": seal(values),
                "label": check.label,
                "version": check.version,
                "state": Connection.State.WORKING,
                "problem": "",
                "missing_rights": list(check.missing),
                "checked_at": now,
            },
        )
        record(
            account=account,
            kind="connection.connected" if created else "connection.changed",
            subject=connection.public_id,
            now=now,
            actor=actor,
            data={"kind": kind, "label": check.label, "missing": list(check.missing)},
            changes=say_changes(_stored_settings(stored, type(values)), values),
        )
    return connection


def _stored_settings(connection: Connection | None, model: type[BaseModel]) -> BaseModel | None:
    """What the account was connected with; nothing when the key that opens it is gone."""
    if connection is None:
        return None
    try:
        return unseal(model, connection.settings)
    except CannotDecrypt:
        return None


def install_panel(*, connection: Connection, url: str) -> None:
    """Put our panel into the PSA's ticket screens. Raises ports.errors.PortError."""
    open_psa(connection, seconds=PATIENT).ensure_panel(url=url)


def subscribe_to_changes(*, connection: Connection, url: str) -> None:
    """
    Have the PSA call this address when tickets and schedules change; the hourly synchronisation keeps it so.

    Raises ports.errors.PortError.
    """
    open_psa(connection, seconds=PATIENT).ensure_hooks(url=url)
    Connection.objects.filter(pk=connection.pk).update(hooks_url=url)


def note_failure(*, connection: Connection, error: errors.PortError, now: datetime) -> None:
    """
    Keep what went wrong where the administrator sees it.

    Refused credentials break the connection, which is told once; other faults pass.
    """
    if not isinstance(error, errors.NotAuthorized):
        return
    with transaction.atomic(durable=True):
        broken = Connection.objects.filter(pk=connection.pk, state=Connection.State.WORKING).update(
            state=Connection.State.BROKEN, problem=str(error)[:300], checked_at=now
        )
        if broken:
            record(
                account=connection.account,
                kind="connection.broken",
                subject=connection.public_id,
                now=now,
                data={"problem": str(error)[:300]},
            )


def note_success(*, connection: Connection, now: datetime) -> None:
    """A connection that answers again is working again."""
    if connection.state == Connection.State.WORKING:
        return
    with transaction.atomic(durable=True):
        healed = Connection.objects.filter(pk=connection.pk, state=Connection.State.BROKEN).update(
            state=Connection.State.WORKING, problem="", checked_at=now
        )
        if healed:
            record(account=connection.account, kind="connection.healed", subject=connection.public_id, now=now)


class UnknownStatus(Exception):
    """The board has no status with this id."""


@transaction.atomic(durable=True)
def set_presets(*, connection: Connection, choices: Mapping[tuple[int, str], str], actor: str, now: datetime) -> None:
    """
    Choose the statuses that tickets take: (board's row id, moment) → status id, empty for none.

    Raises UnknownStatus when a board lacks the status; then nothing is changed.
    """
    boards = {board.pk: board for board in Board.objects.filter(connection=connection)}
    before = _presets_in_words(connection)
    for (board_id, moment), status_id in choices.items():
        board = boards[board_id]
        Moment(moment)
        if not status_id:
            PresetStatus.objects.filter(board=board, moment=moment).delete()
            continue
        if status_id not in {status["id"] for status in board.statuses}:
            raise UnknownStatus(f"{board.name} has no status {status_id}.")
        PresetStatus.objects.update_or_create(board=board, moment=moment, defaults={"status_id": status_id})
    record(
        account=connection.account,
        kind="connection.presets_changed",
        subject=connection.public_id,
        now=now,
        actor=actor,
        changes=changes_between(before, _presets_in_words(connection)),
    )


def _presets_in_words(connection: Connection) -> dict[str, str]:
    """Every choice that there could be, such as "Service Desk: After scheduling" → "Scheduled"."""
    words: dict[str, str] = {}
    moments = [(moment, in_plain_words(moment.label)) for moment in Moment]
    for board in Board.objects.filter(connection=connection).prefetch_related("presets"):
        names = {status["id"]: status["name"] for status in board.statuses}
        chosen = {preset.moment: names.get(preset.status_id, preset.status_id) for preset in board.presets.all()}
        words |= {f"{board.name}: {label}": chosen.get(moment.value, "") for moment, label in moments}
    return words


@transaction.atomic(durable=True)
def keep_link(
    *,
    connection: Connection,
    kind: str,
    subject: str,
    external_id: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> None:
    """Remember what we made at the vendor, and for an entry the period that it was given."""
    ExternalLink.objects.update_or_create(
        connection=connection,
        kind=kind,
        subject=subject,
        defaults={"external_id": external_id, "starts_at": starts_at, "ends_at": ends_at},
    )


@transaction.atomic(durable=True)
def forget_link(*, connection: Connection, kind: str, subject: str) -> None:
    """What we had made at the vendor is gone."""
    ExternalLink.objects.filter(connection=connection, kind=kind, subject=subject).delete()


def forget_entry(*, link: ExternalLink) -> None:
    """An entry that we had written is gone: its time is free at once, and not only when the calendar is read again."""
    with transaction.atomic(durable=True):
        entries = BusyPeriod.objects.filter(calendar__connection=link.connection_id, external_id=link.external_id)
        entries.delete()
        link.delete()
