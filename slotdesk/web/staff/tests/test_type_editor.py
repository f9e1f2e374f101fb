"""The editor of a type: every setting stored and frozen into requests, lists, errors, advice, preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.catalog.terms import FrozenTerms, freeze_terms
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.models import Template
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import make_team
from tests.support.members import text_of
from tests.support.type_form import ENTERED, QUESTION, url_of

SignIn = Callable[[str], Client]
HOSTILE = "<script>alert(1)</script>"
RIGHT_TO_LEFT = "מה שם המכשיר?"


def save(browser: Client, kind: AppointmentType, **changed: Any) -> Any:
    values = {name: value for name, value in (ENTERED | changed).items() if value is not None}
    return browser.post(url_of(kind), values)


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("administrator")


# What is entered → what the type then says.
SETTINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"internal_name": "Onsite visit", "client_name": "Visit", "slug": "visit", "place": "onsite"}),
    ({"external_name": ""}, {"client_name": "Onsite visit"}),
    ({"slug": ""}, {"slug": ""}),
    ({}, {"description": "We come to you.", "duration": timedelta(minutes=90), "increment": timedelta(minutes=30)}),
    ({}, {"buffer_before": timedelta(minutes=15), "buffer_after": timedelta(minutes=45)}),
    ({"writes_buffers": "on"}, {"writes_buffers": True}),
    ({"keeps_buffers_in_hours": "on"}, {"keeps_buffers_in_hours": True}),
    ({}, {"notice_amount": 4, "notice_unit": "business_hours", "window_amount": 0, "daily_maximum": 3}),
    ({}, {"phone_rule": "required", "change_notice": timedelta(days=1), "moved_to": "same"}),
    ({"clients_may_change": "on"}, {"clients_may_change": True}),
    ({"no_response_unit": "hours"}, {"no_response_deadline": timedelta(hours=4), "no_response_closes": False}),
    ({"no_response_closes": "on"}, {"no_response_closes": True}),
    ({"meeting": "personal"}, {"meeting": "personal"}),
    (
        {"meeting": "link", "meeting_url": "meet.example/a"},
        {"meeting": "link", "meeting_url": "https://meet.example/a"},
    ),
    ({"is_silent": "on"}, {"is_silent": True}),
    (
        {"shareable": "activity", "checks_email": "on", "redirect_url": "summit.example/thanks"},
        {"shareable": "activity", "checks_email": True, "redirect_url": "https://summit.example/thanks"},
    ),
    (
        {"shareable": "ticket", "board_id": "4", "ticket_type_id": "7", "priority_id": "2", "ticket_summary": "Call"},
        {"board_id": "4", "ticket_type_id": "7", "priority_id": "2", "ticket_summary": "Call"},
    ),
    (
        {"shareable": "activity", "new_contacts": "catch_all", "catch_all_company_id": "19", "activity_type_id": "3"},
        {"new_contacts": "catch_all", "catch_all_company_id": "19", "activity_type_id": "3"},
    ),
    ({"new_contacts": "reject_domain", "checks_email": None}, {"needs_proof": True, "checks_email": False}),
    ({"asks_note": None, "asks_guests": None}, {"asks_note": False, "asks_guests": False}),
    ({"label_name": "  Who?  ", "label_note": "Anything we should know?"}, {"labels": {"name": "Who?"}}),
    (
        {},
        {"reminders": [{"after_minutes": 1440, "template": ""}, {"after_minutes": 3000, "template": ""}]},
    ),
    ({"reminders-row": []}, {"reminders": []}),
    (
        {
            "appointment_reminders-row": ["4"],
            "appointment_reminders-4-amount": "90",
            "appointment_reminders-4-unit": "minutes",
        },
        {"appointment_reminders": [{"before_minutes": 90, "template": ""}]},
    ),
]


class TestSave:
    @pytest.mark.parametrize(("entered", "stored"), SETTINGS)
    def test_every_setting_is_stored_and_shown_again(
        self, half_hour: AppointmentType, admin: Client, entered: dict[str, Any], stored: dict[str, Any]
    ) -> None:
        assert save(admin, half_hour, **entered).status_code == 302

        half_hour.refresh_from_db()
        assert {name: getattr(half_hour, name) for name in stored} == stored
        page = admin.get(url_of(half_hour))
        assert save(admin, half_hour, **entered).status_code == 302
        assert page.status_code == 200
        assert Event.objects.filter(kind="appointment_type.changed").order_by("id")[1].changes == {}

    @pytest.mark.parametrize(
        ("entered", "frozen"),
        [
            ({"writes_buffers": "on"}, {"writes_buffers": True}),
            ({"meeting": "link", "meeting_url": "https://meet.example/a"}, {"meeting_url": "https://meet.example/a"}),
            ({"asks_note": None}, {"asks_note": False}),
            ({"asks_guests": None}, {"asks_guests": False}),
            ({"label_book": "Go"}, {"labels": {"book": "Go"}}),
            ({"clients_may_change": "on"}, {"clients_may_change": True, "change_notice_minutes": 1440}),
            ({}, {"moved_to": "same", "daily_maximum": 3, "duration_minutes": 90}),
        ],
    )
    def test_requests_made_from_then_on_have_it(
        self, half_hour: AppointmentType, admin: Client, entered: dict[str, Any], frozen: dict[str, Any]
    ) -> None:
        save(admin, half_hour, **entered)

        half_hour.refresh_from_db()
        terms = FrozenTerms.model_validate(freeze_terms(half_hour)).model_dump(mode="json")
        assert {name: terms[name] for name in frozen} == frozen

    def test_templates_are_the_accounts_own(self, account: Account, half_hour: AppointmentType, admin: Client) -> None:
        invite, remind = (
            Template.objects.create(account=account, name=kind, kind=kind, subject="Hi", body="<p>Hi</p>")
            for kind in ("invitation", "reminder")
        )

        save(admin, half_hour, **{"template_invitation": invite.public_id, "reminders-0-template": remind.public_id})

        half_hour.refresh_from_db()
        assert half_hour.templates == {"invitation": invite.public_id}
        assert half_hour.reminders[0] == {"after_minutes": 1440, "template": remind.public_id}
        assert save(admin, half_hour, template_confirmation=invite.public_id).status_code == 422

    def test_says_who_may_be_asked(
        self, account: Account, half_hour: AppointmentType, agent: Agent, admin: Client
    ) -> None:
        team = make_team(account, [agent])

        save(admin, half_hour, resources=[team.public_id, agent.public_id])

        assert {str(each) for each in half_hour.resources.all()} == {"Help desk", "Maria Schmidt"}
        event = Event.objects.get(kind="appointment_type.changed")
        assert event.changes["resources"] == [[], ["Help desk", "Maria Schmidt"]]
        save(admin, half_hour)
        assert not half_hour.resources.exists()

    def test_keeps_what_an_edit_changed_and_nothing_else(self, half_hour: AppointmentType, admin: Client) -> None:
        save(admin, half_hour)

        save(admin, half_hour, duration="60", place="phone", **QUESTION)

        event = Event.objects.filter(kind="appointment_type.changed").order_by("-id")[0]
        assert event.changes == {
            "duration": [90, 60],
            "place": ["onsite", "phone"],
            "questions": [[], ["Which device? (short text)"]],
        }
        assert event.member_id.startswith("user_")

    def test_says_how_many_open_requests_keep_the_old_rules(
        self, half_hour: AppointmentType, request_: SchedulingRequest, admin: Client
    ) -> None:
        page = text_of(admin.get(url_of(half_hour)))
        save(admin, half_hour)

        request_.refresh_from_db()
        half_hour.refresh_from_db()
        assert "1 open request keeps the rules that it was made with" in page
        assert half_hour.duration == timedelta(minutes=90)
        assert request_.terms["duration_minutes"] == 30

    def test_leads_back_to_the_section_that_was_open(self, half_hour: AppointmentType, admin: Client) -> None:
        assert save(admin, half_hour).headers["Location"] == f"{url_of(half_hour)}#options"
        assert save(admin, half_hour, section="https://evil.example").headers["Location"].endswith("#overview")


class TestQuestions:
    def test_are_kept_in_the_order_of_the_page_and_keep_their_keys(
        self, half_hour: AppointmentType, admin: Client
    ) -> None:
        save(admin, half_hour, **QUESTION)
        (first,) = Question.objects.all()

        save(
            admin,
            half_hour,
            **{
                "questions-row": ["7", "0"],
                "questions-7-label": "Which device?",
                "questions-7-kind": "choice",
                "questions-7-options": "Laptop\n\n Phone \nLaptop",
                "questions-7-is_required": "on",
                "questions-0-key": first.key,
                "questions-0-label": "What is it called?",
                "questions-0-kind": "text",
            },
        )

        made = list(half_hour.questions.order_by("position"))
        assert first.key == "which_device"
        assert [(each.key, each.label) for each in made] == [
            ("which_device_2", "Which device?"),
            ("which_device", "What is it called?"),
        ]
        assert (made[0].options, made[0].is_required, made[0].is_written_to_ticket) == (
            ["Laptop", "Phone"],
            True,
            False,
        )

    def test_a_key_that_the_type_does_not_have_is_not_believed(self, half_hour: AppointmentType, admin: Client) -> None:
        save(admin, half_hour, **(QUESTION | {"questions-0-key": "'; drop", "questions-0-label": RIGHT_TO_LEFT}))

        (made,) = Question.objects.all()
        assert (made.key, made.label) == ("question", RIGHT_TO_LEFT)

    @pytest.mark.parametrize("label", [HOSTILE, RIGHT_TO_LEFT, "x" * 160, "emoji 🖨️", "{{ account.name }}"])
    def test_a_label_is_text_whatever_it_looks_like(
        self, half_hour: AppointmentType, admin: Client, label: str
    ) -> None:
        assert (
            save(admin, half_hour, **(QUESTION | {"questions-0-label": label, "label_name": label[:120]})).status_code
            == 302
        )

        assert Question.objects.get().label == label
        page = admin.get(url_of(half_hour)).content.decode()
        assert HOSTILE not in page
        assert label in page or "&lt;script&gt;" in page

    @pytest.mark.parametrize(
        ("command", "rows"),
        [
            ("questions.up.1", ["B", "A", "C"]),
            ("questions.down.0", ["B", "A", "C"]),
            ("questions.down.2", ["A", "B", "C"]),
            ("questions.up.0", ["A", "B", "C"]),
            ("questions.remove.1", ["A", "C"]),
            ("questions.add", ["A", "B", "C", ""]),
            ("questions.up.9", ["A", "B", "C"]),
            ("questions.explode.1", ["A", "C"]),
            ("nonsense", ["A", "B", "C"]),
        ],
    )
    def test_buttons_rearrange_what_is_typed_and_save_nothing(
        self, half_hour: AppointmentType, admin: Client, command: str, rows: list[str]
    ) -> None:
        typed: dict[str, Any] = {"questions-row": ["0", "1", "2"], "do": command, "duration": "not a number"}
        for place, label in enumerate("ABC"):
            typed |= {f"questions-{place}-label": label, f"questions-{place}-kind": "paragraph"}

        page = save(admin, half_hour, **typed)

        editor = page.context["editor"]
        assert page.status_code == 200
        assert [row.form["label"].value() or "" for row in editor.questions.rows] == rows
        assert 'name="duration" value="not a number"' in text_of(page)
        assert not Question.objects.exists()

    def test_a_new_one_begins_with_what_most_want(self, half_hour: AppointmentType, admin: Client) -> None:
        question = save(admin, half_hour, do="questions.add").context["editor"].questions.rows[-1].form
        reminder = save(admin, half_hour, do="appointment_reminders.add").context["editor"].appointment_reminders

        assert question["is_written_to_ticket"].value() is True
        assert question["is_required"].value() is None
        assert reminder.rows[-1].form["unit"].value() == "hours"

    def test_no_more_than_twenty(self, half_hour: AppointmentType, admin: Client) -> None:
        typed: dict[str, Any] = {"questions-row": [str(place) for place in range(20)], "do": "questions.add"}

        assert len(save(admin, half_hour, **typed).context["editor"].questions.rows) == 20


class TestErrors:
    @pytest.mark.parametrize(
        ("changed", "words", "section"),
        [
            ({"internal_name": ""}, "Internal name", "overview"),
            ({"internal_name": "x" * 10_000}, "at most 120 characters", "overview"),
            ({"duration": "0"}, "greater than or equal to 1", "overview"),
            ({"duration": "half an hour"}, "whole number", "overview"),
            ({"slug": "30 minutes!"}, "Address part", "overview"),
            ({"slug": "under_score"}, "Small letters", "overview"),
            ({"description": "x" * 10_000}, "at most 2000 characters", "overview"),
            ({"meeting": "link"}, "Give the link", "scheduling"),
            ({"meeting": "link", "meeting_url": "javascript:alert(1)"}, "Enter a valid URL", "scheduling"),
            ({"resources": ["agnt_somebody"]}, "not one of the available choices", "scheduling"),
            ({"increment": "0"}, "greater than or equal to 1", "options"),
            ({"buffer_after": "-5"}, "greater than or equal to 0", "options"),
            ({"notice_unit": "weeks"}, "Unit of the notice", "options"),
            ({"change_notice_unit": "business_hours"}, "Unit of the notice for changes", "options"),
            ({"no_response_unit": "minutes"}, "Unit of the deadline", "options"),
            ({"shareable": "activity", "slug": ""}, "Shareable links need an address part", "overview"),
            ({"shareable": "ticket"}, "Choose the board", "additional"),
            ({"shareable": "activity", "new_contacts": "catch_all"}, "Give the company", "additional"),
            ({"reminders-0-amount": "0"}, "greater than or equal to 1", "additional"),
            ({"reminders-0-amount": "400"}, "A year at most", "additional"),
            ({"reminders-1-amount": "24"}, "one at this time already", "additional"),
            ({"reminders-0-template": "tmpl_nobody"}, "not one of the available choices", "additional"),
            ({"label_name": "x" * 10_000}, "at most 120 characters", "fields"),
            (QUESTION | {"questions-0-label": ""}, "Question 1: Question", "fields"),
            (QUESTION | {"questions-0-label": "x" * 10_000}, "at most 160 characters", "fields"),
            (QUESTION | {"questions-0-kind": "choice"}, "at least two choices", "fields"),
            (QUESTION | {"questions-0-kind": "sound"}, "not one of the available choices", "fields"),
            (
                QUESTION | {"questions-0-kind": "choice", "questions-0-options": "\n".join(map(str, range(60)))},
                "50 choices at most",
                "fields",
            ),
        ],
    )
    def test_names_what_is_wrong_opens_its_section_and_saves_nothing(
        self,
        half_hour: AppointmentType,
        agent: Agent,
        admin: Client,
        changed: dict[str, Any],
        words: str,
        section: str,
    ) -> None:
        answer = save(admin, half_hour, **changed)

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert answer.context["open_section"] == section
        assert [each.section.key for each in answer.context["sections"] if each.has_errors] == [section]
        assert not Event.objects.filter(kind="appointment_type.changed").exists()

    def test_loses_nothing_that_was_typed(self, half_hour: AppointmentType, admin: Client) -> None:
        answer = save(admin, half_hour, **(QUESTION | {"duration": "soon", "questions-0-help_text": "On the back"}))

        text = text_of(answer)
        for value in ("soon", "Which device?", "On the back", "Visit", "50"):
            assert f'value="{value}"' in text

    def test_refuses_an_address_part_that_is_taken(
        self, account: Account, half_hour: AppointmentType, admin: Client
    ) -> None:
        AppointmentType.objects.create(account=account, internal_name="Other", slug="visit")

        answer = save(admin, half_hour)

        assert answer.status_code == 422
        assert "Another appointment type has this address part" in text_of(answer)


class TestAdvice:
    @pytest.mark.parametrize(
        ("entered", "words"),
        [
            ({"place": "phone", "phone_rule": "off"}, "nobody asks for a number"),
            ({"clients_may_change": "on"}, "Visits are planned around travel"),
            ({"no_response_amount": "1"}, "when the no-response deadline has passed"),
            ({"is_silent": "on"}, "so the reminders below are not sent"),
            ({"writes_buffers": "on", "buffer_before": "0", "buffer_after": "0"}, "no buffer to write"),
            (
                {"notice_amount": "9", "notice_unit": "days", "window_amount": "7"},
                "window ends before the minimum notice does",
            ),
            ({"meeting": "personal"}, "No meeting link of their own yet: Maria Schmidt"),
            ({"meeting": "link", "meeting_url": "https://meet.example/a"}, "You meet in person"),
        ],
    )
    def test_is_given_while_typing_and_afterwards_and_forbids_nothing(
        self, half_hour: AppointmentType, agent: Agent, admin: Client, entered: dict[str, Any], words: str
    ) -> None:
        live = admin.post(f"{url_of(half_hour)}preview/", ENTERED | entered)
        saved = save(admin, half_hour, **entered)

        assert words in text_of(live)
        assert saved.status_code == 302
        assert words in text_of(admin.get(url_of(half_hour)))

    def test_there_is_none_for_what_is_in_order(self, half_hour: AppointmentType, agent: Agent, admin: Client) -> None:
        save(admin, half_hour)

        assert "Worth a second look" not in text_of(admin.get(url_of(half_hour)))


class TestRoles:
    def test_a_dispatcher_looks_at_everything_and_changes_nothing(
        self, half_hour: AppointmentType, sign_in: SignIn
    ) -> None:
        browser = sign_in("dispatcher")

        page = text_of(browser.get(url_of(half_hour)))

        assert "disabled" in page
        assert ">Save<" not in page
        assert "Add a question" not in page
        assert save(browser, half_hour).status_code == 403
        assert save(browser, half_hour, do="questions.add").status_code == 403
        assert "30 minutes" in text_of(browser.post(f"{url_of(half_hour)}preview/", ENTERED))
        half_hour.refresh_from_db()
        assert half_hour.duration == timedelta(minutes=30)
