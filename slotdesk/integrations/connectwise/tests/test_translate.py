from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from slotdesk.availability.values import BusyKind, WeeklyRange
from slotdesk.integrations.connectwise import models
from slotdesk.integrations.connectwise.translate import to_contact, to_entry, to_holiday, to_hours, to_member
from slotdesk.ports.errors import UnexpectedReply
from slotdesk.ports.psa import Entry, Holiday, TicketRef

TENTATIVE = frozenset({1})


def entry(**changed: Any) -> Entry | None:
    doc = {
        "id": 7,
        "type": {"id": 4, "identifier": "S"},
        "objectId": 1204,
        "member": {"id": 12, "identifier": "jdoe"},
        "dateStart": "2026-01-05T14:00:00Z",
        "dateEnd": "2026-01-05T15:00:00Z",
        "status": {"id": 2, "name": "Firm"},
        "name": "Printer down",
        **changed,
    }
    return to_entry(models.ScheduleEntry.model_validate(doc), tentative=TENTATIVE, ticket_type="S")


class TestToEntry:
    def test_is_busy_in_utc_with_its_ticket(self) -> None:
        assert entry() == Entry(
            id="7",
            member_id="12",
            starts_at=datetime(2026, 1, 5, 14, tzinfo=UTC),
            ends_at=datetime(2026, 1, 5, 15, tzinfo=UTC),
            kind=BusyKind.BUSY,
            title="Printer down",
            ticket=TicketRef("service_ticket", "1204"),
        )

    @pytest.mark.parametrize(
        ("changed", "kind"),
        [
            ({"status": {"id": 1, "name": "Tentative"}}, BusyKind.TENTATIVE),
            ({"status": None}, BusyKind.BUSY),
            ({"doneFlag": True}, BusyKind.FREE),
            ({"doneFlag": True, "status": {"id": 1}}, BusyKind.FREE),
            ({"doneFlag": None}, BusyKind.BUSY),
            ({"startTimeSet": False, "endTimeSet": False}, BusyKind.FREE),
            ({"type": {"id": 9, "identifier": "V"}, "objectId": None}, BusyKind.BUSY),
        ],
    )
    def test_says_what_of_it_may_block(self, changed: dict[str, Any], kind: BusyKind) -> None:
        found = entry(**changed)

        assert found is not None
        assert found.kind is kind

    @pytest.mark.parametrize("ticket_type", ["ProjectTicket", "ProjectIssue"])
    def test_tells_project_tickets_from_service_tickets(self, ticket_type: str) -> None:
        found = entry(ticketType=ticket_type)

        assert found is not None
        assert found.ticket == TicketRef("project_ticket", "1204")

    def test_has_no_ticket_when_its_object_is_an_activity(self) -> None:
        found = entry(type={"id": 3, "identifier": "C"})

        assert found is not None
        assert found.ticket is None

    @pytest.mark.parametrize(
        "changed", [{"dateEnd": "2026-01-05T14:00:00Z"}, {"dateEnd": "2026-01-05T13:00:00Z"}, {"dateEnd": None}]
    )
    def test_ignores_what_has_no_length(self, changed: dict[str, Any]) -> None:
        assert entry(**changed) is None


class TestToHours:
    @staticmethod
    def hours(**spans: str) -> tuple[WeeklyRange, ...]:
        return to_hours(models.Calendar.model_validate({"id": 1, **spans}))

    def test_joins_days_with_equal_hours(self) -> None:
        days = ("monday", "tuesday", "friday")
        spans = {f"{day}StartTime": "08:00:00" for day in days} | {f"{day}EndTime": "17:30:00" for day in days}

        assert self.hours(**spans) == (WeeklyRange(frozenset({1, 2, 5}), 480, 1050),)

    @pytest.mark.parametrize("end", ["00:00:00", "23:59:59"])
    def test_reads_midnight_at_the_end_as_24_00(self, end: str) -> None:
        assert self.hours(sundayStartTime="16:00:00", sundayEndTime=end) == (WeeklyRange(frozenset({7}), 960, 1440),)

    def test_keeps_23_59_as_it_is(self) -> None:
        assert self.hours(sundayStartTime="16:00:00", sundayEndTime="23:59:00")[0].end == 1439

    def test_takes_a_day_whose_start_is_its_end_for_a_day_off(self) -> None:
        assert self.hours(mondayStartTime="00:00:00", mondayEndTime="00:00:00") == ()
        assert self.hours(mondayStartTime="09:00:00", mondayEndTime="09:00:00") == ()

    def test_raises_for_hours_that_cannot_be_read(self) -> None:
        with pytest.raises(UnexpectedReply):
            self.hours(mondayStartTime="nine", mondayEndTime="17:00:00")


class TestToHoliday:
    def test_reads_the_date_part_only(self) -> None:
        found = models.Holiday.model_validate({"id": 1, "name": "Christmas", "date": "2026-12-25T00:00:00Z"})

        assert to_holiday(found) == Holiday(date(2026, 12, 25), "Christmas")

    def test_keeps_a_part_of_a_day(self) -> None:
        doc = {"id": 1, "name": "New Year's Eve", "date": "2026-12-31T00:00:00Z", "allDayFlag": False}
        found = models.Holiday.model_validate({**doc, "timeStart": "12:00:00", "timeEnd": "00:00:00"})

        assert to_holiday(found) == Holiday(date(2026, 12, 31), "New Year's Eve", 720, 1440)


class TestToMember:
    def test_names_a_zone_it_cannot_map_instead_of_guessing(self) -> None:
        found = models.Member.model_validate({"id": 1, "identifier": "a", "timeZone": {"id": 3, "name": "Office"}})
        zone = models.TimeZoneSetup.model_validate({"id": 3, "name": "Office", "timeZone": {"id": 9, "name": "Mars"}})

        member = to_member(found, zones={3: zone}, calendars={})

        assert (member.zone, member.zone_label) == ("", "Office")
        assert member.hours is None

    def test_takes_the_address_that_the_member_chose(self) -> None:
        doc = {"id": 1, "identifier": "a", "primaryEmail": "p@x.example", "mobileEmail": "m@x.example"}

        chosen = to_member(models.Member.model_validate({**doc, "defaultEmail": "Mobile"}), zones={}, calendars={})
        other = to_member(models.Member.model_validate({**doc, "defaultEmail": "Home"}), zones={}, calendars={})

        assert (chosen.email, other.email) == ("m@x.example", "p@x.example")


class TestToContact:
    def test_prefers_the_default_address_and_number(self) -> None:
        items = [
            {"communicationType": "Email", "value": "old@x.example", "defaultFlag": False},
            {"communicationType": "Phone", "value": "555-1", "defaultFlag": None},
            {"communicationType": "Email", "value": "new@x.example", "defaultFlag": True},
        ]

        contact = to_contact(models.Contact.model_validate({"id": 1, "firstName": "Jo", "communicationItems": items}))

        assert (contact.name, contact.email, contact.phone) == ("Jo", "new@x.example", "555-1")
