"""What only ConnectWise does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from slotdesk.availability.values import BusyKind
from slotdesk.integrations.connectwise.teams import PROJECT_BOARD_TEAMS, SERVICE_BOARDS
from slotdesk.integrations.contract.psa_world import NINE, TEN
from slotdesk.ports.errors import NotAuthorized, Rejected
from slotdesk.ports.psa import TicketRef
from tests.contracts.connectwise_world import ConnectWiseWorld
from tests.support.psa import broken


def ensure_entry(world: ConnectWiseWorld, ticket: TicketRef, title: str = "Remote session") -> str:
    period = {"starts_at": NINE, "ends_at": TEN}
    return world.open().ensure_entry(
        uid="u1", known_id="", ticket=ticket, member_id=world.member_id, title=title, **period
    )


class TestListMembers:
    def test_leaves_api_members_out(self, world: ConnectWiseWorld) -> None:
        licences = {str(m["id"]): m["licenseClass"] for m in world.sandbox.store.all("members")}

        listed = {licences[member.id] for member in world.open().list_members()}

        assert "A" in licences.values()
        assert "A" not in listed


class TestListTeams:
    def test_tells_teams_of_service_boards_and_of_project_boards_apart(self, world: ConnectWiseWorld) -> None:
        teams = {team.id: team for team in world.open().list_teams().teams}

        assert (teams["board-1/team-1"].name, teams["board-1/team-1"].place) == ("Tier 1", "Service Desk")
        assert teams["board-1/team-1"].member_ids[0] == "101"
        assert teams["project-board-5/team-1"].name == "Deployment"
        assert "106" in teams["project-board-5/team-1"].member_ids

    def test_names_a_member_once_who_has_two_roles_in_a_project_team(self, world: ConnectWiseWorld) -> None:
        store = world.sandbox.store
        place = next(each for each in store.all("projectBoardTeamMembers") if each["~teamId"] == 1)
        store.add("projectBoardTeamMembers", {key: value for key, value in place.items() if key != "id"})

        [team] = [team for team in world.open().list_teams().teams if team.id == "project-board-5/team-1"]

        assert team.member_ids.count(str(place["member"]["id"])) == 1

    def test_leaves_out_those_of_project_boards_that_the_role_may_not_read_and_says_so(
        self, world: ConnectWiseWorld
    ) -> None:
        with broken(world.sandbox, "403", path="/project/boards/*"):
            found = world.open().list_teams()

        assert {team.id.partition("/")[0] for team in found.teams} >= {"board-1", "board-2"}
        assert (found.unread, found.missing) == (("project-board-5/",), (PROJECT_BOARD_TEAMS,))

    def test_is_no_answer_when_the_keys_are_refused_meanwhile(self, world: ConnectWiseWorld) -> None:
        with broken(world.sandbox, "expired-key", path="/project/boards/*"), pytest.raises(NotAuthorized):
            world.open().list_teams()

    def test_leaves_the_teams_of_inactive_boards_out(self, world: ConnectWiseWorld) -> None:
        store = world.sandbox.store
        board = store.get("boards", 1)
        store.put("boards", {**board, "inactiveFlag": True})
        try:
            assert not [team for team in world.open().list_teams().teams if team.id.startswith("board-1/")]
        finally:
            store.put("boards", board)


class TestListEntries:
    def test_does_not_let_a_finished_entry_block(self, world: ConnectWiseWorld) -> None:
        ticket = world.make_ticket()
        made = ensure_entry(world, ticket)
        store = world.sandbox.store
        store.put("entries", {**store.get("entries", int(made)), "doneFlag": True})

        [kind] = [e.kind for e in world.open().list_entries(world.member_id, NINE, TEN) if e.id == made]

        assert kind is BusyKind.FREE


class TestEnsureEntry:
    def test_books_over_another_entry_since_the_slot_was_settled_before(self, world: ConnectWiseWorld) -> None:
        first, second = world.make_ticket(), world.make_ticket()
        ensure_entry(world, first)
        ensure_entry(world, second)

        assert [len(world.entries_on(ticket)) for ticket in (first, second)] == [1, 1]

    def test_cuts_a_title_that_the_vendor_would_refuse(self, world: ConnectWiseWorld) -> None:
        made = ensure_entry(world, world.make_ticket(), title="ö" * 400)

        assert world.sandbox.store.get("entries", int(made))["name"] == "ö" * 250

    def test_finds_its_entry_again_with_a_start_that_has_microseconds(self, world: ConnectWiseWorld) -> None:
        ticket, psa = world.make_ticket(), world.open()
        odd = NINE + timedelta(microseconds=5)

        def ensure() -> str:
            return psa.ensure_entry(
                uid="u1",
                known_id="",
                ticket=ticket,
                member_id=world.member_id,
                starts_at=odd,
                ends_at=TEN,
                title="Remote session",
            )

        assert ensure() == ensure()

    def test_passes_on_why_the_vendor_refuses_a_member(self, world: ConnectWiseWorld) -> None:
        store = world.sandbox.store
        gone = next(str(m["id"]) for m in store.all("members") if m["inactiveFlag"])
        with pytest.raises(Rejected, match="cannot be scheduled"):
            world.open().ensure_entry(
                uid="u1",
                known_id="",
                ticket=world.make_ticket(),
                member_id=gone,
                starts_at=NINE,
                ends_at=TEN,
                title="Remote session",
            )


class TestGetTicket:
    def test_reads_the_address_from_the_contacts_card_when_the_ticket_lacks_it(self, world: ConnectWiseWorld) -> None:
        usual = world.open().get_ticket(world.make_ticket()).contact

        contact = world.open().get_ticket(world.make_ticket_without_address()).contact

        assert contact is not None
        assert contact == usual

    def test_keeps_a_contact_that_is_only_written_on_the_ticket(self, world: ConnectWiseWorld) -> None:
        ref, store = world.make_ticket(), world.sandbox.store
        doc = {**store.get("tickets", int(ref.id)), "contactName": "Walk-in", "contactEmailAddress": "w@x.example"}
        del doc["contact"]
        store.put("tickets", doc)

        contact = world.open().get_ticket(ref).contact

        assert contact is not None
        assert (contact.id, contact.name, contact.email) == ("", "Walk-in", "w@x.example")

    def test_has_no_contact_when_the_ticket_has_none(self, world: ConnectWiseWorld) -> None:
        ref, store = world.make_ticket(), world.sandbox.store
        doc = store.get("tickets", int(ref.id))
        store.put("tickets", {key: value for key, value in doc.items() if not key.startswith("contact")})

        assert world.open().get_ticket(ref).contact is None


class TestCheck:
    def test_names_a_schedule_type_that_does_not_exist(self, world: ConnectWiseWorld) -> None:
        assert world.open(entry_type="ZZ").check().missing == ("A schedule type with the identifier “ZZ”",)

    @pytest.mark.parametrize("path", ["/project/boards/*/teams", "/project/boards/*/members"])
    def test_names_the_right_to_teams_of_project_boards(self, world: ConnectWiseWorld, path: str) -> None:
        with broken(world.sandbox, "403", path=path):
            assert world.open().check().missing == (PROJECT_BOARD_TEAMS,)

    def test_says_that_a_single_right_is_missing_and_goes_on(self, world: ConnectWiseWorld) -> None:
        with broken(world.sandbox, "403", path="/service/boards*"):
            assert world.open().check().missing == (SERVICE_BOARDS,)


class TestEnsurePanel:
    def test_stands_on_both_ticket_screens_with_the_vendors_tokens(self, world: ConnectWiseWorld) -> None:
        world.open().ensure_panel(url="https://book.example.com/panel?a=1")

        setups = world.sandbox.store.all("hostedSetups")
        assert len(setups) == 2
        assert {setup["url"] for setup in setups} == {
            "https://book.example.com/panel?a=1&id=[cw_id]&screen=[cw_screen]"
        }
        assert {setup["origin"] for setup in setups} == {"https://book.example.com"}
