"""What a type asks of its own on the booking form: questions, labels, message, guests; and the online meeting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.booking.guests import put_guests
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.factories import NOW, make_request, make_type

pytestmark = pytest.mark.django_db

ELEVEN = NOW + timedelta(hours=2)
HOSTILE = "<script>alert(1)</script>"
RIGHT_TO_LEFT = "מה שם המכשיר?"
QUESTIONS: list[dict[str, Any]] = [
    {"key": "device", "label": RIGHT_TO_LEFT, "kind": "text", "is_required": True, "help_text": "On the sticker."},
    {"key": "story", "label": HOSTILE, "kind": "paragraph"},
    {"key": "floor", "label": "Which floor?", "kind": "choice", "options": ["First", HOSTILE]},
    {"key": "people", "label": "How many people?", "kind": "number"},
    {"key": "desk", "label": "Desk phone", "kind": "phone"},
    {"key": "consent", "label": "I am at my desk then", "kind": "checkbox", "is_required": True},
]
SAID = {
    "start": str(int(ELEVEN.timestamp())),
    "zone": "Europe/Berlin",
    "name": "Ana Ruiz",
    "key": "a" * 16,
    "answer_device": "LAP-7",
    "answer_story": "It began\nyesterday. " + HOSTILE,
    "answer_floor": HOSTILE,
    "answer_people": "3",
    "answer_desk": "(212) 555-0187",
    "answer_consent": "on",
    "guests": "Bo@client.example, cy@client.example\nbo@client.example",
}


def ask(account: Account, agent: Agent, questions: list[dict[str, Any]] | None = None, **fields: Any) -> Any:
    with active(account):
        kind: AppointmentType = make_type(account, **fields)
        for position, values in enumerate(QUESTIONS if questions is None else questions):
            Question.objects.create(appointment_type=kind, position=position, **values)
        return make_request(kind, [agent])


@pytest.fixture
def asked(account: Account, agent: Agent) -> SchedulingRequest:
    found: SchedulingRequest = ask(account, agent)
    return found


def book(browser: Client, request: SchedulingRequest, **changed: str) -> Any:
    return browser.post(f"/schedule/{request.token}/appointment/", SAID | changed)


def form(browser: Client, request: SchedulingRequest, **said: str) -> str:
    values = {"start": SAID["start"], "zone": "UTC"} | said
    page = (browser.post if said else browser.get)(f"/schedule/{request.token}/details/", values)
    return str(page.content.decode())


def made() -> Appointment:
    with all_accounts():
        return Appointment.objects.get()


class TestQuestions:
    def test_are_asked_in_order_with_their_hint_and_nothing_of_them_is_markup(
        self, browser: Client, asked: SchedulingRequest
    ) -> None:
        text = form(browser, asked)

        places = [text.index(f'name="answer_{question["key"]}"') for question in QUESTIONS]
        assert places == sorted(places)
        assert "On the sticker." in text
        assert RIGHT_TO_LEFT in text
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text

    def test_answers_are_kept_as_they_were_given(self, browser: Client, asked: SchedulingRequest) -> None:
        assert book(browser, asked).status_code == 303

        assert made().answers == [
            {"key": "device", "label": RIGHT_TO_LEFT, "value": "LAP-7"},
            {"key": "story", "label": HOSTILE, "value": "It began\nyesterday. " + HOSTILE},
            {"key": "floor", "label": "Which floor?", "value": HOSTILE},
            {"key": "people", "label": "How many people?", "value": "3"},
            {"key": "desk", "label": "Desk phone", "value": "+1 212-555-0187"},
            {"key": "consent", "label": "I am at my desk then", "value": "Yes"},
        ]

    def test_what_nobody_had_to_answer_is_left_out_and_an_empty_box_says_no(
        self, browser: Client, account: Account, agent: Agent
    ) -> None:
        request = ask(account, agent, [{"key": "a", "label": "A"}, {"key": "b", "label": "B", "kind": "checkbox"}])

        said = {name: value for name, value in SAID.items() if not name.startswith("answer_")}
        browser.post(f"/schedule/{request.token}/appointment/", said | {"answer_a": ""})

        assert made().answers == [{"key": "b", "label": "B", "value": "No"}]

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"answer_device": ""}, "Please answer this."),
            ({"answer_device": "   "}, "Please answer this."),
            ({"answer_device": "x" * 10_000}, "keep it under 250 characters"),
            ({"answer_story": "x" * 10_000}, "keep it under 2000 characters"),
            ({"answer_floor": "Second"}, "Please choose one."),
            ({"answer_people": "a few"}, "Please write a number"),
            ({"answer_people": "NaN"}, "Please write a number"),
            ({"answer_people": "9" * 40}, "digits"),
            ({"answer_desk": "12"}, "does not look like a phone number"),
            ({"answer_consent": ""}, "Please tick this"),
            ({"guests": "bo@client.example, bo(at)client"}, "“bo(at)client” does not look like an e-mail address"),
            ({"guests": " ".join(f"g{n}@client.example" for n in range(11))}, "10 guests at most"),
        ],
    )
    def test_say_what_is_wrong_and_lose_nothing(
        self, browser: Client, asked: SchedulingRequest, changed: dict[str, str], words: str
    ) -> None:
        changed = {name: value for name, value in changed.items() if value or name != "answer_consent"}
        said = {name: value for name, value in SAID.items() if words != "Please tick this" or name != "answer_consent"}

        page = browser.post(f"/schedule/{asked.token}/appointment/", said | changed)

        text = page.content.decode()
        assert page.status_code == 422
        assert words in text
        assert ">It began\nyesterday." in text or "answer_story" in changed
        assert 'aria-invalid="true"' in text
        with all_accounts():
            assert not Appointment.objects.exists()

    def test_answers_survive_the_choice_of_another_time(self, browser: Client, asked: SchedulingRequest) -> None:
        times = browser.post(f"/schedule/{asked.token}/", SAID).content.decode()

        assert 'name="answer_device" value="LAP-7"' in times
        assert 'name="answer_consent" value="on"' in times
        again = form(browser, asked, **{name: value for name, value in SAID.items() if name not in ("start", "zone")})
        assert 'value="LAP-7"' in again
        assert 'type="checkbox" checked' in again
        assert "<option selected" in again
        assert "bo@client.example</textarea>" in again

    def test_are_those_of_the_day_the_request_was_made(
        self, browser: Client, account: Account, asked: SchedulingRequest
    ) -> None:
        with active(account):
            Question.objects.all().delete()

        assert 'name="answer_device"' in form(browser, asked)

    def test_are_shown_on_the_page_of_the_appointment(self, browser: Client, asked: SchedulingRequest) -> None:
        book(browser, asked)

        text = browser.get(f"/schedule/{asked.token}/appointment/").content.decode()
        assert "LAP-7" in text
        assert HOSTILE not in text
        assert "<bdi>bo@client.example</bdi>, <bdi>cy@client.example</bdi>" in text


class TestNumbers:
    @pytest.mark.parametrize(
        ("language", "typed", "stored"),
        [
            ("en-US", "2.5", "2.5"),
            ("en-US", "2,5", "2.5"),
            ("en-US", "1,250", "1250"),
            ("de-DE", "2,5", "2.5"),
            ("de-DE", "2.5", "2.5"),
            ("de-DE", "1.250,50", "1250.5"),
            ("fr-FR", "1\u202f250,5", "1250.5"),
            ("ar", "٢٫٥", "2.5"),
        ],
    )
    def test_are_read_as_the_page_writes_them_and_stored_in_one_form(
        self, browser: Client, asked: SchedulingRequest, language: str, typed: str, stored: str
    ) -> None:
        browser.post(
            f"/schedule/{asked.token}/appointment/",
            SAID | {"answer_people": typed},
            headers={"Accept-Language": language},
        )

        assert {"key": "people", "label": "How many people?", "value": stored} in made().answers

    @pytest.mark.parametrize(
        ("language", "typed", "words"),
        [
            ("en-US", "1.250,50", "<bdi>How many people?</bdi>: Please write a number, such as 3 or 2.5."),
            # French sets a colon apart, and no thousands by a point.
            ("fr-FR", "1.250", "<bdi>How many people?</bdi>\u202f: Veuillez saisir un nombre, par exemple 3 ou 2,5."),
        ],
    )
    def test_are_asked_again_where_they_may_be_two(
        self, browser: Client, asked: SchedulingRequest, language: str, typed: str, words: str
    ) -> None:
        page = browser.post(
            f"/schedule/{asked.token}/appointment/",
            SAID | {"answer_people": typed},
            headers={"Accept-Language": language},
        )

        text = page.content.decode()
        assert page.status_code == 422
        assert words in text
        assert f'inputmode="decimal" maxlength="40" dir="auto" value="{typed}"' in text


class TestGuests:
    def test_are_told_of_once_each(self, browser: Client, asked: SchedulingRequest) -> None:
        book(browser, asked)

        with all_accounts():
            guests = [(guest.email, guest.added_by) for guest in asked.guests.order_by("id")]
        assert guests == [("bo@client.example", "Ana Ruiz (client)"), ("cy@client.example", "Ana Ruiz (client)")]

    def test_too_many_with_those_of_staff_are_refused_before_anything_is_booked(
        self, browser: Client, account: Account, asked: SchedulingRequest
    ) -> None:
        with active(account):
            put_guests(asked, [f"g{n}@client.example" for n in range(9)], added_by="Jordan Doe", now=NOW)

        page = book(browser, asked)

        assert page.status_code == 422
        assert "more than 10 guests" in page.content.decode()
        with all_accounts():
            assert not Appointment.objects.exists()

    def test_are_not_asked_for_where_the_type_says_so(self, browser: Client, account: Account, agent: Agent) -> None:
        request = ask(account, agent, [], asks_guests=False, asks_note=False)

        text = form(browser, request)
        assert 'name="guests"' not in text
        assert 'name="note"' not in text
        book(browser, request, note="Hello", guests="bo@client.example")
        assert made().note == ""
        with all_accounts():
            assert not request.guests.exists()


class TestLabels:
    def test_replace_our_words_and_are_no_markup(self, browser: Client, account: Account, agent: Agent) -> None:
        labels = {"name": "Who are you?", "book": HOSTILE, "details": RIGHT_TO_LEFT}

        text = form(browser, ask(account, agent, [], labels=labels))

        assert "Who are you?" in text
        assert "Your name" not in text
        assert RIGHT_TO_LEFT in text
        assert "Anything we should know?" in text
        assert HOSTILE not in text


class TestMeeting:
    def test_the_link_is_on_the_page_of_the_appointment(self, browser: Client, account: Account, agent: Agent) -> None:
        request = ask(account, agent, [], place="remote", meeting="link", meeting_url="https://meet.example/all")

        book(browser, request)

        text = browser.get(f"/schedule/{request.token}/appointment/").content.decode()
        assert 'href="https://meet.example/all"' in text
        assert "Join the online meeting at the agreed time" in text
