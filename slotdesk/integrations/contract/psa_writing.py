"""The PSA contract: what is written, exactly once, whatever breaks in between."""

from __future__ import annotations

from datetime import datetime

import pytest

from slotdesk.integrations.contract.psa_world import ELEVEN, NINE, TEN, Fault, World
from slotdesk.ports.errors import Rejected, Unreachable
from slotdesk.ports.psa import TicketRef


class EntriesContract:
    @staticmethod
    def ensure(
        world: World,
        ticket: TicketRef,
        *,
        known_id: str = "",
        starts_at: datetime = NINE,
        ends_at: datetime = TEN,
        member_id: str = "",
    ) -> str:
        return world.open().ensure_entry(
            uid="b6a1",
            known_id=known_id,
            ticket=ticket,
            member_id=member_id or world.member_id,
            starts_at=starts_at,
            ends_at=ends_at,
            title="Remote session with Jo Smith",
        )

    @pytest.mark.parametrize("kind", ["service_ticket", "project_ticket"])
    def test_makes_an_entry_on_the_ticket(self, world: World, kind: str) -> None:
        ticket = world.make_ticket(kind)

        made = self.ensure(world, ticket)

        assert world.entries_on(ticket) == [(made, world.member_id, NINE, TEN)]

    @pytest.mark.parametrize("does_know", [True, False])
    def test_makes_an_entry_once_however_often_it_is_asked(self, world: World, does_know: bool) -> None:
        ticket = world.make_ticket()
        first = self.ensure(world, ticket)

        again = self.ensure(world, ticket, known_id=first if does_know else "")

        assert again == first
        assert len(world.entries_on(ticket)) == 1

    def test_finds_the_entry_again_whose_answer_was_lost(self, world: World) -> None:
        ticket = world.make_ticket()
        with world.failing(Fault.LOST_ANSWER, method="POST", of="entries"), pytest.raises(Unreachable):
            self.ensure(world, ticket)
        [(made, *_)] = world.entries_on(ticket)

        assert self.ensure(world, ticket) == made
        assert len(world.entries_on(ticket)) == 1

    def test_makes_the_entry_later_when_the_first_try_got_nowhere(self, world: World) -> None:
        ticket = world.make_ticket()
        with world.failing(Fault.DROPPED, method="POST", of="entries"), pytest.raises(Unreachable):
            self.ensure(world, ticket)
        assert world.entries_on(ticket) == []

        self.ensure(world, ticket)

        assert len(world.entries_on(ticket)) == 1

    def test_moves_the_entry_it_knows(self, world: World) -> None:
        ticket = world.make_ticket()
        first = self.ensure(world, ticket)

        moved = self.ensure(world, ticket, known_id=first, starts_at=TEN, ends_at=ELEVEN)

        assert world.entries_on(ticket) == [(moved, world.member_id, TEN, ELEVEN)]

    def test_gives_the_entry_to_another_member(self, world: World) -> None:
        ticket = world.make_ticket()
        first = self.ensure(world, ticket)

        handed = self.ensure(world, ticket, known_id=first, member_id=world.other_member_id)

        assert world.entries_on(ticket) == [(handed, world.other_member_id, NINE, TEN)]

    def test_makes_the_entry_anew_when_somebody_deleted_it(self, world: World) -> None:
        ticket = world.make_ticket()
        first = self.ensure(world, ticket)
        world.delete_entry(first)

        second = self.ensure(world, ticket, known_id=first)

        assert [made for made, *_ in world.entries_on(ticket)] == [second]

    def test_leaves_the_entry_of_another_ticket_alone(self, world: World) -> None:
        other, ticket = world.make_ticket(), world.make_ticket()
        theirs = self.ensure(world, other)

        ours = self.ensure(world, ticket, known_id=theirs, starts_at=TEN, ends_at=ELEVEN)

        assert ours != theirs
        assert world.entries_on(other) == [(theirs, world.member_id, NINE, TEN)]

    def test_removes_an_entry_and_is_content_when_it_is_gone(self, world: World) -> None:
        ticket, psa = world.make_ticket(), world.open()
        made = self.ensure(world, ticket)

        psa.remove_entry(made)
        psa.remove_entry(made)

        assert world.entries_on(ticket) == []


class NotesContract:
    @pytest.mark.parametrize("kind", ["service_ticket", "project_ticket"])
    def test_adds_a_note_once_for_each_uid(self, world: World, kind: str) -> None:
        ticket, psa = world.make_ticket(kind), world.open()

        first = psa.ensure_note(uid="n1", ticket=ticket, text="Booked for Monday 09:00.")
        again = psa.ensure_note(uid="n1", ticket=ticket, text="Booked for Monday 09:00.")
        psa.ensure_note(uid="n2", ticket=ticket, text="Cancelled.", is_internal=False)

        assert again == first
        notes = sorted(world.notes_on(ticket))
        assert [is_internal for _text, is_internal in notes] == [True, False]
        assert notes[0][0].startswith("Booked for Monday 09:00.")

    def test_finds_the_note_again_whose_answer_was_lost(self, world: World) -> None:
        ticket, psa = world.make_ticket(), world.open()
        with world.failing(Fault.LOST_ANSWER, method="POST", of="notes"), pytest.raises(Unreachable):
            psa.ensure_note(uid="n3", ticket=ticket, text="Booked.")

        psa.ensure_note(uid="n3", ticket=ticket, text="Booked.")

        assert len(world.notes_on(ticket)) == 1


class StatusContract:
    @pytest.mark.parametrize("kind", ["service_ticket", "project_ticket"])
    def test_gives_the_ticket_a_status_of_its_board(self, world: World, kind: str) -> None:
        ticket, psa = world.make_ticket(kind), world.open()
        before, every, _foreign = world.statuses_of(ticket)
        wanted = next(status for status in every if status != before)

        psa.set_status(ticket, wanted)
        psa.set_status(ticket, wanted)

        assert world.statuses_of(ticket)[0] == wanted

    def test_refuses_a_status_of_another_board_and_says_why(self, world: World) -> None:
        ticket = world.make_ticket()
        before, _every, foreign = world.statuses_of(ticket)

        with pytest.raises(Rejected, match="board"):
            world.open().set_status(ticket, foreign)

        assert world.statuses_of(ticket)[0] == before

    def test_survives_an_answer_that_was_lost(self, world: World) -> None:
        ticket = world.make_ticket()
        before, every, _foreign = world.statuses_of(ticket)
        wanted = next(status for status in every if status != before)

        with world.failing(Fault.LOST_ANSWER, method="PATCH", of="tickets"):
            world.open().set_status(ticket, wanted)

        assert world.statuses_of(ticket)[0] == wanted
