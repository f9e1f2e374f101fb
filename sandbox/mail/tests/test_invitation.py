from datetime import UTC, date, datetime

from sandbox.mail.invitation import invitations_in
from sandbox.mail.reading import read_mail
from sandbox.mail.tests.mails import calendar, confirmation


def mail_with(content: str | bytes) -> bytes:
    body = content if isinstance(content, bytes) else content.encode()
    return b"Content-Type: text/calendar\r\nContent-Disposition: attachment; filename=a.ics\r\n\r\n" + body


def event(*lines: str) -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "SUMMARY:S", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    )


class TestInvitationsIn:
    def test_shows_an_entry_once_though_it_is_attached_twice(self) -> None:
        [entry] = invitations_in(read_mail(confirmation().as_bytes()))

        assert entry.headline == "Invitation"
        assert entry.summary == "Remote session with Priya Nair"
        assert entry.starts_at == datetime(2026, 12, 7, 14, 30, tzinfo=UTC)
        assert entry.ends_at == datetime(2026, 12, 7, 15, 0, tzinfo=UTC)
        assert entry.local == "Mon 07 Dec 2026, 09:30 to 10:00 (America/New_York)"
        assert entry.organizer is not None
        assert entry.organizer.address == "priya@northwind-it.example"
        assert [(one.name, one.answer) for one in entry.attendees] == [("Sam Ortega", "needs action")]
        assert entry.alarms == ["10 minutes before it starts"]
        assert (entry.uid, entry.sequence) == ("booking-4711@example.net", 0)

    def test_says_that_a_cancellation_is_one(self) -> None:
        [entry] = invitations_in(read_mail(mail_with(calendar(method="CANCEL", sequence=2))))

        assert entry.is_cancelled
        assert (entry.headline, entry.sequence) == ("Cancelled", 2)

    def test_shows_whole_days_by_their_last_day(self) -> None:
        raw = mail_with(event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"))

        [entry] = invitations_in(read_mail(raw))

        assert entry.local == "Thu 24 Dec to Sat 26 Dec 2026, all day"
        assert entry.starts_at is None
        assert entry.day == date(2026, 12, 24)

    def test_does_not_invent_a_zone(self) -> None:
        [entry] = invitations_in(read_mail(mail_with(event("DTSTART:20261207T093000", "DURATION:PT45M"))))

        assert entry.local == "Mon 07 Dec 2026, 09:30 to 10:15 (no zone given)"
        assert entry.starts_at is None

    def test_skips_what_is_no_calendar(self) -> None:
        for content in ("not a calendar", event(), event("DTSTART:yesterday")):
            assert invitations_in(read_mail(mail_with(content))) == []
