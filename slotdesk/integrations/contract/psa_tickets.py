"""The PSA contract: tickets searched for, made once, and given to somebody."""

from __future__ import annotations

import pytest

from slotdesk.integrations.contract.psa_world import Fault, World
from slotdesk.ports.errors import NotFound, Unreachable
from slotdesk.ports.psa import Ticket, TicketRef


class SearchContract:
    @pytest.mark.parametrize("kind", ["service_ticket", "project_ticket"])
    def test_finds_a_ticket_by_its_number_and_by_words_of_its_summary(self, world: World, kind: str) -> None:
        ref, psa = world.make_ticket(kind), world.open()
        ticket = psa.get_ticket(ref)
        words = " ".join(reversed(ticket.summary.upper().split()))

        assert psa.search_tickets(f" #{ticket.number} ")[0].ref == ref
        assert ref in [found.ref for found in psa.search_tickets(words)]

    def test_lists_the_newest_first_up_to_the_limit(self, world: World) -> None:
        psa = world.open()
        refs = [world.make_ticket() for _ in range(3)]
        summary = psa.get_ticket(refs[0]).summary

        assert [found.ref for found in psa.search_tickets(summary, limit=2)] == [refs[2], refs[1]]

    def test_leaves_closed_tickets_to_those_who_know_the_number(self, world: World) -> None:
        psa, ref = world.open(), world.make_ticket()
        world.close_ticket(ref)
        ticket = psa.get_ticket(ref)

        assert ref not in [found.ref for found in psa.search_tickets(ticket.summary, limit=50)]
        [found] = psa.search_tickets(ticket.number)
        assert (found.ref, found.is_closed) == (ref, True)

    @pytest.mark.parametrize("text", ["", "  ", "#", '"', '" or id>0 or summary="', "\\"])
    def test_takes_a_text_for_text_and_nothing_else(self, world: World, text: str) -> None:
        world.make_ticket()

        assert world.open().search_tickets(text) == []


class NewTicketContract:
    @staticmethod
    def asked(world: World, **fields: str) -> dict[str, str]:
        like = world.open().get_ticket(world.make_ticket())
        assert like.company is not None
        assert like.contact is not None
        return {
            "board_id": like.board.id,
            "summary": "Onboarding call",
            "description": "Please ring the front desk.",
            "company_id": like.company.id,
            "contact_id": like.contact.id,
        } | fields

    def make(self, world: World, uid: str, **fields: str) -> Ticket:
        return world.open().ensure_ticket(uid=uid, **self.asked(world, **fields))

    def test_makes_a_ticket_with_everything_asked_for(self, world: World) -> None:
        psa = world.open()
        board = psa.get_ticket(world.make_ticket()).board.id
        kind, priority = psa.list_ticket_types(board)[-1], psa.list_priorities()[-1]
        status = world.statuses_of(world.make_ticket())[1][-1]

        made = self.make(world, "t1", type_id=kind.id, priority_id=priority.id, status_id=status)

        assert (made.summary, made.board.id, made.status.id) == ("Onboarding call", board, status)
        assert (made.type, made.priority) == (kind, priority)
        assert made.contact is not None
        assert "@" in made.contact.email
        assert made == psa.get_ticket(made.ref)
        assert [text for text, _is_internal in world.notes_on(made.ref)] == ["Please ring the front desk."]

    def test_makes_one_for_each_uid_however_often_it_is_asked(self, world: World) -> None:
        first, again, other = self.make(world, "t2"), self.make(world, "t2"), self.make(world, "t3")

        assert again.ref == first.ref
        assert other.ref != first.ref

    def test_finds_the_ticket_again_whose_answer_was_lost(self, world: World) -> None:
        psa, asked = world.open(), self.asked(world, summary="Lost answer call")
        with world.failing(Fault.LOST_ANSWER, method="POST", of="ticket list"), pytest.raises(Unreachable):
            psa.ensure_ticket(uid="t4", **asked)

        made = psa.ensure_ticket(uid="t4", **asked)

        assert [ticket.ref for ticket in psa.search_tickets("Lost answer call")] == [made.ref]

    def test_shortens_a_summary_that_is_too_long(self, world: World) -> None:
        made = self.make(world, "t5", summary="word " * 100)

        assert made.summary.startswith("word word")

    def test_offers_the_types_of_a_board_and_the_priorities(self, world: World) -> None:
        psa = world.open()
        board = psa.get_ticket(world.make_ticket()).board.id

        assert psa.list_ticket_types(board)
        assert psa.list_priorities()
        with pytest.raises(NotFound):
            psa.list_ticket_types("987654321")


class OwnerContract:
    @pytest.mark.parametrize("kind", ["service_ticket", "project_ticket"])
    def test_gives_the_ticket_to_a_member(self, world: World, kind: str) -> None:
        ticket, psa = world.make_ticket(kind), world.open()

        psa.set_owner(ticket, world.member_id)
        psa.set_owner(ticket, world.member_id)
        assert world.owner_of(ticket) == world.member_id

        psa.set_owner(ticket, world.other_member_id)
        assert world.owner_of(ticket) == world.other_member_id

    def test_says_that_the_ticket_is_gone(self, world: World) -> None:
        with pytest.raises(NotFound):
            world.open().set_owner(TicketRef("service_ticket", "987654321"), world.member_id)
