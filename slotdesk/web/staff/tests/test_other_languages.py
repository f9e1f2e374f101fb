"""The account's own texts in other languages: who may write them, what is stored, and what clients then read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.editing import duplicate_type
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.pages import get_page, save_page
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.templates import render
from slotdesk.domain.messages.variables import sample_values
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.models import Account, Role
from tests.support.factories import NOW, make_request, make_type
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]


@pytest.fixture
def kind(account: Account) -> AppointmentType:
    made = make_type(
        account,
        internal_name="T1 call",
        external_name="Quick call",
        description="We look at it together.",
        labels={"book": "Get this slot"},
    )
    Question.objects.create(
        appointment_type=made,
        position=0,
        key="device",
        label="Which device?",
        kind="choice",
        options=["Laptop", "Phone"],
    )
    return made


def url_of(made: AppointmentType) -> str:
    return f"/app/types/{made.public_id}/languages/"


def entered(browser: Client, url: str, language: str, **texts: str) -> Any:
    """Fill in the texts by the name that staff read; the others stay empty."""
    page = text_of(browser.get(f"{url}?language={language}"))
    fields = {}
    for label, text in texts.items():
        wanted = label.replace("_", " ")
        number = next(
            number for number in range(30) if f'for="id_text{number}"' in page and said(page, number) == wanted
        )
        fields[f"text{number}"] = text
    return browser.post(f"{url}?language={language}", fields)


def said(page: str, number: int) -> str:
    label = page.split(f'for="id_text{number}"', 1)[1].split("</label>", 1)[0]
    return label.split('<span class="visually-hidden">: ', 1)[1].split("</span>", 1)[0].replace("?", "")


class TestTexts:
    def test_are_those_that_clients_read_beside_their_originals(self, kind: AppointmentType, sign_in: SignIn) -> None:
        page = text_of(sign_in("administrator").get(url_of(kind)))

        for text in ("Quick call", "We look at it together.", "Get this slot", "Which device?", "Laptop", "Phone"):
            assert text in page
        assert "T1 call" in page  # as the page's head
        assert 'lang="es"' in page
        assert "?language=en" not in page  # the account's own

    def test_are_stored_for_one_language_and_told(self, kind: AppointmentType, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        first = entered(browser, url_of(kind), "de", Name="Kurzes Gespräch")
        second = entered(browser, url_of(kind), "ar", Name="مكالمة سريعة")

        assert (first.status_code, second.status_code) == (302, 302)
        kind.refresh_from_db()
        assert kind.translations == {"de": {"name": "Kurzes Gespräch"}, "ar": {"name": "مكالمة سريعة"}}
        event = Event.objects.filter(kind="appointment_type.changed").latest("id")
        assert event.changes == {"name (ar)": [None, "مكالمة سريعة"]}

    def test_that_are_emptied_are_gone(self, kind: AppointmentType, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        entered(browser, url_of(kind), "de", Name="Kurzes Gespräch")

        entered(browser, url_of(kind), "de")

        kind.refresh_from_db()
        assert kind.translations == {}

    def test_that_are_too_long_are_refused_with_everything_kept(self, kind: AppointmentType, sign_in: SignIn) -> None:
        answer = entered(sign_in("administrator"), url_of(kind), "de", Name="x" * 121, Description="Gemeinsam.")

        assert answer.status_code == 422
        assert "Gemeinsam." in text_of(answer)
        kind.refresh_from_db()
        assert kind.translations == {}

    def test_stay_when_the_type_is_saved_or_copied(self, kind: AppointmentType, sign_in: SignIn) -> None:
        entered(sign_in("administrator"), url_of(kind), "de", Name="Kurzes Gespräch")

        copied = duplicate_type(appointment_type=kind, actor="Alex", now=NOW)

        assert copied.translations == {"de": {"name": "Kurzes Gespräch"}}

    def test_can_be_looked_at_by_whoever_may_not_edit(self, account: Account, kind: AppointmentType) -> None:
        Role.objects.create(account=account, key="looks", name="Looks on", permissions=["types.view"])
        browser = signed_in(account, "looks")

        assert "disabled" in text_of(browser.get(url_of(kind)))
        assert browser.post(f"{url_of(kind)}?language=de", {"text0": "x"}).status_code == 403


class TestClients:
    @pytest.fixture
    def asked(self, kind: AppointmentType, agent: Agent) -> SchedulingRequest:
        kind.translations = {
            "de": {
                "name": "Kurzes Gespräch",
                "label.book": "Diesen Termin nehmen",
                "question.device.label": "Welches Gerät?",
                "question.device.option.Laptop": "Notebook",
            }
        }
        kind.save()
        return make_request(kind, [agent])

    def test_read_the_texts_that_the_request_was_made_with(
        self, kind: AppointmentType, asked: SchedulingRequest
    ) -> None:
        kind.translations = {}
        kind.save()
        start = int(NOW.timestamp()) + 7200

        page = text_of(Client().get(f"/schedule/{asked.token}/details/?start={start}&lang=de"))

        assert "Kurzes Gespräch" in page
        assert "We look at it together." in page  # has no translation
        assert "Welches Gerät?" in page
        assert '<option value="Laptop">Notebook</option>' in page.replace(" selected", "")
        assert '<option value="Phone">Phone</option>' in page
        assert "Diesen Termin nehmen" in page

    def test_answer_in_their_language_and_staff_read_it_in_theirs(self, asked: SchedulingRequest) -> None:
        browser = Client()
        start = int(NOW.timestamp()) + 7200
        values = {
            "start": start,
            "zone": "UTC",
            "name": "Ana",
            "key": "k" * 16,
            "answer_device": "Laptop",
            "lang": "de",
        }

        browser.post(f"/schedule/{asked.token}/appointment/", values)

        page = text_of(browser.get(f"/schedule/{asked.token}/appointment/"))
        assert "Welches Gerät?" in page
        assert "Notebook" in page
        stored = asked.appointments.get().answers
        assert stored == [{"key": "device", "label": "Which device?", "value": "Laptop"}]


class TestPages:
    def test_read_in_the_visitors_language(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        Agent.objects.filter(pk=agent.pk).update(slug="maria")
        agent.refresh_from_db()
        page = get_page(agent)
        page.is_on, page.title, page.text = True, "Talk to Maria", "I help."
        save_page(page=page, slug="maria", offers=(), actor="Alex", now=NOW)
        url = f"/app/users/{agent.public_id}/page/languages/"

        entered(sign_in("administrator"), url, "fr", Title="Parlez à Maria")

        read = text_of(Client().get("/maria/?lang=fr"))
        assert "Parlez à Maria" in read
        assert "I help." in read


class TestBrand:
    def test_reads_in_pages_and_mails(
        self, account: Account, kind: AppointmentType, agent: Agent, sign_in: SignIn
    ) -> None:
        Profile.objects.create(account=account, greeting="Welcome.", footer="At your service")
        asked = make_request(kind, [agent])

        entered(
            sign_in("administrator"),
            "/app/settings/branding/languages/",
            "es",
            Greeting="Bienvenidos.",
            Footer="A su servicio",
        )

        page = text_of(Client().get(f"/schedule/{asked.token}/?lang=es"))
        assert "Bienvenidos." in page
        assert "A su servicio" in page

    def test_without_a_text_says_that_there_is_none(self, sign_in: SignIn) -> None:
        assert "no text of yours" in text_of(sign_in("administrator").get("/app/settings/branding/languages/"))


class TestTemplates:
    def test_are_sent_in_the_language_and_checked_before(self, account: Account, sign_in: SignIn) -> None:
        template = Template.objects.create(
            account=account, name="Ours", kind="invitation", subject="Come", body='<a href="{{ request.url }}">here</a>'
        )
        browser, url = sign_in("administrator"), f"/app/settings/e-mail/{template.public_id}/languages/"

        wrong = entered(browser, url, "es", Subject="Venga", Body="{{ nobody.knows }}")
        right = entered(browser, url, "es", Subject="Venga", Body='<a href="{{ request.url }}">aquí</a>')

        assert wrong.status_code == 422
        assert "nobody.knows" in text_of(wrong)
        assert right.status_code == 302
        template.refresh_from_db()
        with translation.override("es"):
            message = render(Kind.INVITATION, sample_values(Kind.INVITATION), template)
        assert message.subject == "Venga"
        assert "aquí" in message.html
