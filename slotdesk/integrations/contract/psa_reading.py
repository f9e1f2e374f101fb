"""The PSA contract: what is read, and that nothing of it is left out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from slotdesk.availability.values import BusyKind
from slotdesk.integrations.contract.psa_world import ELEVEN, NINE, TEN, Fault, World
from slotdesk.lib.zones import find_zone
from slotdesk.ports.errors import NotFound, Unreachable
from slotdesk.ports.psa import TicketRef


class ReadingContract:
    def test_lists_every_member_once_with_zone_and_hours(self, world: World) -> None:
        members = list(world.open().list_members())
        member = next(m for m in members if m.id == world.member_id)

        assert len({m.id for m in members}) == len(members)
        assert {m.is_active for m in members} == {True, False}
        assert all(m.name and m.identifier for m in members)
        assert member.zone
        assert find_zone(member.zone) == member.zone
        assert member.hours
        assert "@" in member.email

    def test_lists_boards_with_their_statuses(self, world: World) -> None:
        boards = world.open().list_boards()

        assert boards
        assert all(board.statuses for board in boards)
        assert any(status.is_closed for board in boards for status in board.statuses)

    def test_lists_teams_once_with_members_that_are_there(self, world: World) -> None:
        psa = world.open()
        members = {member.id for member in psa.list_members()}

        found = psa.list_teams()
        teams = found.teams

        assert (found.unread, found.missing) == ((), ())
        assert teams
        assert len({team.id for team in teams}) == len(teams)
        assert all(team.id and len(team.id) <= 60 and team.name and team.place for team in teams)
        assert any(team.member_ids for team in teams)
        assert all(set(team.member_ids) <= members for team in teams)
        assert all(len(set(team.member_ids)) == len(team.member_ids) for team in teams)

    def test_lists_holidays_earliest_first(self, world: World) -> None:
        psa = world.open()
        list_id = next(m.holiday_list_id for m in psa.list_members() if m.holiday_list_id)

        dates = [holiday.date for holiday in psa.list_holidays(list_id)]

        assert dates
        assert dates == sorted(dates)

    @pytest.mark.parametrize("kind", ["service_ticket", "project_ticket"])
    def test_reads_a_ticket_of_either_kind_with_its_contact(self, world: World, kind: str) -> None:
        ref = world.make_ticket(kind)

        ticket = world.open().get_ticket(ref)

        assert ticket.ref == ref
        assert ticket.status.id == world.statuses_of(ref)[0]
        assert ticket.company is not None
        assert ticket.contact is not None
        assert "@" in ticket.contact.email
        assert ticket.number in ticket.url

    def test_does_not_find_a_ticket_under_the_other_kind(self, world: World) -> None:
        ref = world.make_ticket()

        with pytest.raises(NotFound):
            world.open().get_ticket(TicketRef("project_ticket", ref.id))

    @pytest.mark.parametrize("kind", ["service_ticket", "project_ticket"])
    def test_finds_a_ticket_by_its_number_as_people_write_it(self, world: World, kind: str) -> None:
        ref = world.make_ticket(kind)
        psa = world.open()
        number = psa.get_ticket(ref).number

        assert [getattr(psa.find_ticket(text), "ref", None) for text in (number, f"#{number}", f" {number} ")] == [
            ref
        ] * 3

    @pytest.mark.parametrize("number", ["987654321", "#", "", "ABC-1", '1" or "1"="1'])
    def test_finds_no_ticket_by_a_number_that_is_none(self, world: World, number: str) -> None:
        assert world.open().find_ticket(number) is None

    def test_finds_contacts_by_a_part_of_the_name_or_the_address(self, world: World) -> None:
        psa = world.open()
        ticket = psa.get_ticket(world.make_ticket())
        assert ticket.company is not None
        assert ticket.contact is not None
        company_id = ticket.company.id

        by_name = psa.list_contacts(company_id=company_id, search=ticket.contact.name.upper())
        by_address = psa.list_contacts(company_id=company_id, search=ticket.contact.email[:-3])

        assert ticket.contact.id in [contact.id for contact in by_name]
        assert ticket.contact.id in [contact.id for contact in by_address]
        assert all(contact.company and contact.company.id == company_id for contact in [*by_name, *by_address])

    def test_lists_contacts_by_name_up_to_the_limit(self, world: World) -> None:
        psa = world.open()
        ticket = psa.get_ticket(world.make_ticket())
        assert ticket.company is not None

        every = [contact.name.casefold() for contact in psa.list_contacts(company_id=ticket.company.id)]

        assert every == sorted(every)
        assert len(psa.list_contacts(company_id=ticket.company.id, limit=1)) == 1

    def test_finds_contacts_of_any_company(self, world: World) -> None:
        psa = world.open()
        ticket = psa.get_ticket(world.make_ticket())
        assert ticket.contact is not None

        by_name = psa.list_contacts(company_id="", search=ticket.contact.name)
        by_address = psa.list_contacts(company_id="", search=ticket.contact.email)

        assert ticket.contact.id in [contact.id for contact in by_name]
        assert (ticket.contact.id, ticket.company) in [(contact.id, contact.company) for contact in by_address]
        assert psa.list_contacts(company_id="", search="  ") == []

    @pytest.mark.parametrize("search", ['"', '" or id>0 or lastName="', "\\", "%*", "Ünïcödé"])
    def test_takes_a_search_for_text_and_nothing_else(self, world: World, search: str) -> None:
        psa = world.open()
        ticket = psa.get_ticket(world.make_ticket())
        assert ticket.company is not None

        found = psa.list_contacts(company_id=ticket.company.id, search=search)

        assert all(contact.company == ticket.company for contact in found)


class ScheduleContract:
    def test_reads_every_page_of_a_schedule_in_order(self, world: World) -> None:
        start = NINE + timedelta(days=100)
        count = world.crowd(world.member_id, starts_at=start)

        entries = world.open().list_entries(world.member_id, start, start + count * timedelta(minutes=30))

        assert [entry.starts_at for entry in entries] == [start + n * timedelta(minutes=30) for n in range(count)]
        assert {entry.member_id for entry in entries} == {world.member_id}
        assert {entry.kind for entry in entries} == {BusyKind.BUSY}

    def test_raises_rather_than_leave_out_a_page(self, world: World) -> None:
        start = NINE + timedelta(days=200)
        count = world.crowd(world.member_id, starts_at=start)
        psa = world.open()

        with world.failing(Fault.BROKEN, of="entries", skip=1), pytest.raises(Unreachable):
            psa.list_entries(world.member_id, start, start + count * timedelta(minutes=30))

    def test_lists_what_overlaps_and_not_what_touches(self, world: World) -> None:
        psa, ticket = world.open(), world.make_ticket()
        psa.ensure_entry(
            uid="touch", known_id="", ticket=ticket, member_id=world.member_id, starts_at=NINE, ends_at=TEN, title="T"
        )

        def seen(starts_at: datetime, ends_at: datetime) -> list[TicketRef | None]:
            found = psa.list_entries(world.member_id, starts_at, ends_at)
            return [entry.ticket for entry in found if entry.ticket == ticket]

        minute = timedelta(minutes=1)
        assert seen(TEN - minute, ELEVEN) == [ticket]
        assert seen(NINE - minute, NINE + minute) == [ticket]
        assert seen(TEN, ELEVEN) == []
        assert seen(NINE - minute, NINE) == []

    def test_says_of_which_kind_an_entrys_ticket_is(self, world: World) -> None:
        psa, ticket = world.open(), world.make_ticket("project_ticket")
        made = psa.ensure_entry(
            uid="kind", known_id="", ticket=ticket, member_id=world.member_id, starts_at=TEN, ends_at=ELEVEN, title="T"
        )

        found = {entry.id: entry.ticket for entry in psa.list_entries(world.member_id, TEN, ELEVEN)}

        assert found[made] == ticket
