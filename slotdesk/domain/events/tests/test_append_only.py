"""The audit log can be added to, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from slotdesk.domain.events.door import Purpose, open_door
from slotdesk.domain.events.models import Event
from slotdesk.domain.events.operations import NoTransaction, record
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account


@pytest.fixture
def account(db: None) -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


@pytest.fixture
def event(account: Account) -> Event:
    actor = Actor("Alex Stone", address="192.0.2.7", member_id="user_1")
    record(
        account=account,
        kind="account.changed",
        subject=account.public_id,
        now=NOW,
        actor=actor,
        changes={"name": ("Summit", "Summit MSP")},
    )
    return Event.objects.get()


class TestTheDatabase:
    @pytest.mark.parametrize("column", ["kind", "subject", "actor", "member_id", "data", "changes", "created_at"])
    def test_refuses_an_update_of_every_column(self, event: Event, column: str) -> None:
        with (
            pytest.raises(IntegrityError, match="can only be added to"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(
                f"UPDATE events_event SET {column} = "
                + {"data": "'{\"x\": 1}'", "changes": "'{}'", "created_at": "now()"}.get(column, "'other'")
            )

    def test_refuses_a_delete(self, event: Event) -> None:
        with pytest.raises(IntegrityError, match="can only be added to"), transaction.atomic():
            Event.objects.all().delete()

        assert Event.objects.filter(pk=event.pk).exists()

    def test_lets_it_be_noted_that_effects_were_made(self, event: Event) -> None:
        event.advanced_at = NOW
        event.save(update_fields=["advanced_at"])

        event.refresh_from_db()
        assert event.advanced_at == NOW


class TestTheDoor:
    def test_lets_retention_delete(self, event: Event) -> None:
        with open_door(Purpose.RETENTION):
            Event.objects.filter(pk=event.pk).delete()

        assert not Event.objects.exists()

    def test_lets_retention_change_nothing(self, event: Event) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), open_door(Purpose.RETENTION):
            Event.objects.update(actor="Somebody else")

    def test_lets_erasure_take_out_who_and_what_was_said(self, event: Event) -> None:
        with open_door(Purpose.ERASURE):
            Event.objects.update(actor="(client)", data={}, address=None)

        event.refresh_from_db()
        assert (event.actor, event.data, event.address) == ("(client)", {}, None)

    @pytest.mark.parametrize("column", ["kind", "subject", "member_id"])
    def test_lets_erasure_change_nothing_else(self, event: Event, column: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), open_door(Purpose.ERASURE):
            Event.objects.update(**{column: "other"})

    def test_lets_erasure_delete_nothing(self, event: Event) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), open_door(Purpose.ERASURE):
            Event.objects.all().delete()

    def test_is_shut_behind_whoever_passed(self, event: Event) -> None:
        with open_door(Purpose.RETENTION):
            pass

        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.all().delete()

    @pytest.mark.django_db(transaction=True)
    def test_opens_inside_a_transaction_only(self) -> None:
        with pytest.raises(NoTransaction), open_door(Purpose.RETENTION):
            pass
