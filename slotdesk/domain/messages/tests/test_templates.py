"""The built-in e-mails."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from slotdesk.domain.messages.kinds import ABOUT
from slotdesk.domain.messages.templates import Kind, StaffKind, render
from slotdesk.domain.messages.variables import VARIABLES as KNOWN
from slotdesk.domain.messages.variables import sample_values
from slotdesk.domain.messages.words import say_moment

VARIABLES: dict[str, Any] = {
    "account": {"name": "Summit MSP"},
    "client": {"name": "Ana <b>Ruiz</b>", "email": "ana@client.example", "phone": "+1 202 555 0144", "company": "Acme"},
    "ticket": {"number": "48213", "summary": "Printer & scanner", "url": "https://psa.example/48213"},
    "request": {"url": "https://book.example/schedule/abc/"},
    "appointment_type": {"name": "Phone call", "internal_name": "T1 call", "duration_minutes": 30},
    "appointment": {
        "agreed_time": "Tuesday, 24 November 2026, 14:30 CET",
        "scheduled_member_name": "Jordan Doe",
        "previous_time": "Monday, 23 November 2026, 10:00 CET",
        "place": "Jordan Doe will call you.",
        "note": "Side door",
        "meeting_url": "https://meet.example/1",
        "answers": [{"key": "device", "label": "Which device?", "value": "Laptop"}],
        "url": "https://book.example/schedule/abc/appointment/",
        "reschedule_url": "https://book.example/schedule/abc/appointment/reschedule/",
        "cancel_url": "https://book.example/schedule/abc/appointment/cancellation/",
        "cancelled_by": "technician",
        "cancelled_by_name": "Jordan Doe",
        "cancellation_reason": "Ill",
    },
    "opening": {
        "first_time": "Tuesday, 24 November 2026, 14:30 CET",
        "is_earlier": False,
        "stop_url": "https://book.example/schedule/opening/abc/",
    },
}


@pytest.mark.parametrize("kind", list(Kind))
class TestRender:
    def test_every_kind_has_a_subject_text_and_html(self, kind: Kind) -> None:
        message = render(kind, VARIABLES)

        assert message.subject
        assert "\n" not in message.subject
        assert "Jordan Doe" in message.text
        assert "<h1" in message.html

    def test_escapes_what_people_entered(self, kind: Kind) -> None:
        message = render(kind, VARIABLES)

        assert "<b>Ruiz</b>" not in message.html

    def test_puts_the_style_sheet_inline_for_mail_programs(self, kind: Kind) -> None:
        message = render(kind, VARIABLES)

        assert "background: #f3f5f8" in message.html.split("</head>")[1]


@pytest.mark.parametrize("kind", list(Kind))
class TestWhatIsNotThere:
    def test_leaves_no_row_and_no_sentence_behind(self, kind: Kind) -> None:
        empty = VARIABLES | {
            "client": VARIABLES["client"] | {"phone": "", "company": ""},
            "ticket": {"number": "", "summary": "", "url": ""},
            "appointment": VARIABLES["appointment"]
            | {"note": "", "reschedule_url": "", "cancel_url": "", "cancellation_reason": ""},
        }
        if kind not in next(each for each in KNOWN if each.name == "appointment.agreed_time").kinds:
            empty["appointment"] |= {"agreed_time": ""}

        message = render(kind, empty)

        assert not re.search(r"<(td|p|h1|strong|a)\b[^>]*>\s*</", message.html)
        lines = [line for line in message.text.splitlines() if not line.startswith("Hello")]
        assert not [line for line in lines if re.search(r"[,·] *$|\(#?\)| {2,}$", line)]


class TestLinks:
    @pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.REMINDER, Kind.OPENING])
    def test_the_client_finds_the_booking_link_in_both_parts(self, kind: Kind) -> None:
        message = render(kind, VARIABLES)

        assert VARIABLES["request"]["url"] in message.text
        assert VARIABLES["request"]["url"] in message.html

    @pytest.mark.parametrize("kind", [kind for kind in Kind if "appointment.cancel_url" in ABOUT[kind].links])
    def test_the_client_finds_how_to_change_and_where_to_meet_in_both_parts(self, kind: Kind) -> None:
        message = render(kind, VARIABLES)

        for name in ("reschedule_url", "cancel_url"):
            assert VARIABLES["appointment"][name] in message.text
            assert f'href="{VARIABLES["appointment"][name]}"' in message.html
        assert VARIABLES["appointment"]["place"] in message.text
        assert 'href="https://meet.example/1"' in message.html


class TestFacts:
    @pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.REMINDER, Kind.OPENING])
    def test_have_no_time_before_one_is_agreed(self, kind: Kind) -> None:
        message = render(kind, sample_values(kind))

        assert ">What<" in message.html
        assert ">When<" not in message.html

    def test_have_it_afterwards(self) -> None:
        assert ">When<" in render(Kind.CONFIRMATION, VARIABLES).html

    @pytest.mark.parametrize("kind", [Kind.BOOKED_NOTICE, Kind.REASSIGNED_NOTICE])
    def test_of_a_notice_have_the_answers_and_the_meeting(self, kind: Kind) -> None:
        message = render(kind, VARIABLES)

        assert "Which device?: Laptop" in message.text
        assert "Which device?: <strong" in message.html
        assert 'href="https://meet.example/1"' in message.html


class TestSayMoment:
    @pytest.mark.parametrize(
        ("country", "words"),
        [
            ("US", "Tuesday, November 24, 2026, 2:30 PM CET"),
            ("AU", "Tuesday, 24 November 2026, 2:30 pm CET"),
            ("GB", "Tuesday, 24 November 2026, 14:30 CET"),
            ("", "Tuesday, 24 November 2026, 14:30 CET"),
        ],
    )
    def test_writes_dates_and_times_as_the_country_does(self, country: str, words: str) -> None:
        moment = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)

        assert say_moment(moment, zone="Europe/Berlin", country=country) == words


class TestStaffInvitation:
    def test_escapes_the_names_and_carries_the_link(self) -> None:
        invitation = {"url": "https://x.example/join/abc/", "invited_by": "Bo <i>", "role": "User", "expires": "Friday"}

        message = render(StaffKind.STAFF_INVITATION, {"account": {"name": "Summit"}, "invitation": invitation})

        assert message.subject == "Bo <i> invites you to Summit on Slotdesk"
        assert "https://x.example/join/abc/" in message.text
        assert "Bo &lt;i&gt;" in message.html
        assert "Bo <i>" not in message.html
