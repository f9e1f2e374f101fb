"""What the editor shows beside the form: pages and e-mails as they would be."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.models import Template
from slotdesk.domain.tenants.models import Account
from tests.support.members import text_of
from tests.support.type_form import ENTERED, QUESTION, url_of

SignIn = Callable[[str], Client]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("administrator")


class TestPreview:
    @pytest.mark.parametrize(
        ("view", "words"),
        [
            ("form", ["Visit", "90 minutes", "Which device?", "Who are you?", "We come to you."]),
            ("booked", ["You are booked", "Which device?", "Visit"]),
        ],
    )
    def test_shows_what_is_entered_and_stores_nothing(
        self, half_hour: AppointmentType, admin: Client, view: str, words: list[str]
    ) -> None:
        values = ENTERED | QUESTION | {"preview_view": view, "label_name": "Who are you?"}

        page = text_of(admin.post(f"{url_of(half_hour)}preview/", values))

        assert "sandbox" in page
        assert "allow-scripts" not in page
        assert all(each in page for each in words)
        half_hour.refresh_from_db()
        assert half_hour.duration == timedelta(minutes=30)
        assert not Event.objects.filter(kind__startswith="appointment_type").exists()
        assert not Question.objects.exists()

    @pytest.mark.parametrize(("view", "words"), [("booked", "تم حجز موعدك"), ("booked_notice", "booked")])
    def test_is_in_the_language_that_the_account_writes_to_clients_in(
        self, account: Account, half_hour: AppointmentType, admin: Client, view: str, words: str
    ) -> None:
        Account.objects.filter(pk=account.pk).update(language="ar")

        page = text_of(admin.post(f"{url_of(half_hour)}preview/", ENTERED | {"preview_view": view}))

        assert words in page
        assert "What the client sees" not in page

    def test_what_is_typed_is_markup_in_none_of_the_two_documents(
        self, half_hour: AppointmentType, admin: Client
    ) -> None:
        values = ENTERED | QUESTION | {"description": HOSTILE, "questions-0-label": HOSTILE, "external_name": HOSTILE}

        page = admin.post(f"{url_of(half_hour)}preview/", values | {"preview_view": "form"}).content.decode()

        assert "<script" not in page
        assert "&lt;script&gt;alert" not in page
        assert "&amp;lt;script&amp;gt;alert" in page

    def test_with_nonsense_in_the_form_shows_what_it_can(self, half_hour: AppointmentType, admin: Client) -> None:
        page = admin.post(f"{url_of(half_hour)}preview/", {"preview_view": "nothing", "questions-row": ["x", "1"]})

        assert page.status_code == 200
        assert half_hour.internal_name in text_of(page)

    @pytest.mark.parametrize(
        ("view", "words"),
        [
            ("invitation", "Visit"),
            ("confirmation", "We meet: https://meet.example/a"),
            ("booked_notice", "Onsite visit"),
        ],
    )
    def test_an_email_has_an_address_of_its_own_that_nobody_can_make_up(
        self, account: Account, half_hour: AppointmentType, admin: Client, view: str, words: str
    ) -> None:
        own = Template.objects.create(
            account=account,
            name="Own",
            kind="confirmation",
            subject="Hi",
            body="We meet: {{appointment.meeting_url}}",
        )
        values = ENTERED | {"meeting": "link", "meeting_url": "https://meet.example/a", "preview_view": view}
        values |= {"template_confirmation": own.public_id}

        frame = text_of(admin.post(f"{url_of(half_hour)}preview/", values))

        source = html.unescape(frame.partition('src="')[2].partition('"')[0])
        mail = admin.get(source)
        assert words in text_of(mail)
        assert "sandbox" in mail.headers["Content-Security-Policy"]
        assert "script-src" not in mail.headers["Content-Security-Policy"]
        assert admin.get(source.replace("draft=", "draft=x")).status_code == 422
        assert admin.get(f"{url_of(half_hour)}mail/").status_code == 422

    def test_of_a_silent_type_there_is_no_mail_to_show(self, half_hour: AppointmentType, admin: Client) -> None:
        values = ENTERED | {"is_silent": "on", "preview_view": "confirmation"}

        assert "The client is sent no e-mail" in text_of(admin.post(f"{url_of(half_hour)}preview/", values))
