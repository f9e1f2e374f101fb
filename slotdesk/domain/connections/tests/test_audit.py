"""What the audit log learns of a connection: every setting before and after, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sandbox.connectwise.server import Options, Sandbox, running
from slotdesk.domain.connections.credentials import unseal
from slotdesk.domain.connections.models import Board, Moment
from slotdesk.domain.connections.operations import save_connection, set_presets
from slotdesk.domain.connections.registry import get_manifest
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.scope import active
from tests.support.psa import Desk, make_desk

NOW = datetime(2027, 5, 3, 13, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(Options(size="small", rate_limit=0)) as sandbox:
        yield sandbox


@pytest.fixture
def desk(db: None, sandbox: Sandbox) -> Iterator[Desk]:
    desk = make_desk(sandbox)
    with active(desk.account):
        yield desk


@pytest.mark.django_db(transaction=True)
class TestSaveConnection:
    def test_tells_what_changed_and_of_a_secret_only_that_it_did(self, desk: Desk) -> None:
        model = get_manifest("connectwise").settings
        stored = unseal(model, desk.connection.settings)
        values = model.model_validate(
            {name: getattr(stored, name) for name in model.model_fields} | {"entry_type": "C"}
        )

        save_connection(account=desk.account, kind="connectwise", values=values, actor="Alex", now=NOW)

        event = Event.objects.get(kind="connection.changed")
        assert event.changes == {"entry_type": ["S", "C"]}

    def test_never_writes_a_secret_down(self, desk: Desk) -> None:
        model = get_manifest("connectwise").settings
        stored = unseal(model, desk.connection.settings)
        secret = stored.private_key.get_secret_value()  # type: ignore[attr-defined]
        desk.connection.delete()

        save_connection(account=desk.account, kind="connectwise", values=stored, actor="Alex", now=NOW)

        event = Event.objects.get(kind="connection.connected")
        assert event.changes["private_key"] == [None, "(a secret)"]
        assert secret not in json.dumps([event.changes, event.data])


@pytest.mark.django_db(transaction=True)
class TestPresets:
    def test_are_told_by_the_names_of_board_and_status(self, desk: Desk) -> None:
        statuses = [{"id": "7", "name": "Scheduled", "is_closed": False}]
        board = Board.objects.create(connection=desk.connection, external_id="b", name="Help Desk", statuses=statuses)

        choices = {(board.pk, Moment.SCHEDULED.value): "7"}
        set_presets(connection=desk.connection, choices=choices, actor="Alex", now=NOW)

        event = Event.objects.get(kind="connection.presets_changed")
        assert event.changes == {"Help Desk: After scheduling": ["", "Scheduled"]}
