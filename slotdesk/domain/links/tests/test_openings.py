"""Who waits to be told that a time opens: asked for, looked at, told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.utils import IntegrityError

from slotdesk.domain.booking.invitations import close_request
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.openings import (
    MOST_OF_ONE,
    TooManyAlerts,
)
from slotdesk.domain.links.signed import sign
from slotdesk.domain.messages.editing import save_template
from slotdesk.domain.messages.models import Email, Template
from slotdesk.domain.messages.variables import VARIABLES
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import (
    NOW,
    make_busy,
    make_type,
)
from tests.support.links import make_signed_link
from tests.support.openings import SOON, ask, ask_at, ending_of, history, look, open_hours, told

pytestmark = pytest.mark.django_db

_DAY = timedelta(days=1)


class TestAsking:
    def test_by_a_request_is_told_in_its_history(self, invited: SchedulingRequest) -> None:
        alert = ask(invited)

        assert (alert.email, alert.about, alert.ended_at) == ("ana@client.example", invited.public_id, None)
        event = Event.objects.get(kind="request.opening_asked")
        assert (event.subject, event.actor) == (invited.public_id, "Ana Ruiz (client)")

    def test_again_begins_the_days_afresh_and_makes_no_second_one(self, invited: SchedulingRequest) -> None:
        first = ask(invited)

        second = ask(invited, now=NOW + _DAY, before=NOW + 9 * _DAY)

        second.refresh_from_db()
        assert second.pk == first.pk
        assert (second.asked_at, second.before) == (NOW + _DAY, NOW + 9 * _DAY)
        assert history(invited) == ["request.opening_asked"]

    def test_twice_is_refused_by_the_database_itself(self, invited: SchedulingRequest) -> None:
        alert = ask(invited)

        alert.pk, alert.token = None, "another"
        with pytest.raises(IntegrityError, match="opening_alert_once"), transaction.atomic():
            alert.save(force_insert=True)

    def test_of_what_is_over_is_refused(self, invited: SchedulingRequest) -> None:
        close_request(request=invited, actor="Maria", now=NOW)

        with pytest.raises(RequestClosed):
            ask(invited)

    def test_has_a_limit_for_each_address(self, account: Account, maria: Agent) -> None:
        for _ in range(MOST_OF_ONE):
            ask_at(Link(account, (maria,), make_type(account)), "Nina@newcomer.example")

        with pytest.raises(TooManyAlerts):
            ask_at(Link(account, (maria,), make_type(account)), "nina@NEWCOMER.example")
        ask_at(Link(account, (maria,), make_type(account)), "somebody@else.example")

    def test_has_a_limit_for_the_account(
        self, account: Account, maria: Agent, kind: AppointmentType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("slotdesk.domain.links.openings.MOST_OF_ALL", 2)
        link = Link(account, (maria,), kind)
        ask_at(link, "a@client.example")
        ask_at(link, "b@client.example")

        with pytest.raises(TooManyAlerts):
            ask_at(link, "c@client.example")

    def test_by_a_link_waits_for_the_same_as_others_by_it(
        self, account: Account, maria: Agent, kind: AppointmentType
    ) -> None:
        link = Link(account, (maria,), kind)

        first, second = ask_at(link, "a@client.example"), ask_at(link, "b@client.example")

        assert first.about == second.about
        assert ask_at(link, "a@client.example", ticket_number="48213").about != first.about


class TestLooking:
    def test_tells_nobody_while_nothing_is_free(self, invited: SchedulingRequest) -> None:
        alert = ask(invited)

        look()

        alert.refresh_from_db()
        assert (told(), alert.ended_at) == ([], None)
        assert alert.check_at == SOON + timedelta(minutes=5)

    def test_tells_once_with_the_link_and_the_first_time_on_their_clock(
        self, invited: SchedulingRequest, maria: Agent
    ) -> None:
        alert = ask(invited)
        open_hours(maria)

        look()
        look(SOON + timedelta(minutes=10))

        (message,) = mail.outbox
        assert message.to == ["ana@client.example"]
        assert message.subject == "A time with Maria Schmidt has opened"
        assert f"/schedule/{invited.token}/" in message.body
        assert "Monday, May 3, 2027, 5:15 PM CEST" in message.body
        assert f"/schedule/opening/{alert.token}/" in message.body
        assert ending_of(alert) == "told"
        assert history(invited) == ["request.opening_asked", "request.opening_told"]
        email = Email.objects.get()
        assert (email.subject_id, email.kind) == (invited.public_id, "opening")

    def test_tells_again_whoever_asks_again(self, invited: SchedulingRequest, maria: Agent) -> None:
        ask(invited)
        open_hours(maria)
        look()
        Agent.objects.filter(pk=maria.pk).update(hours=[])

        ask(invited, now=SOON)
        open_hours(maria)
        look(SOON + timedelta(minutes=6))

        assert told() == ["ana@client.example"] * 2

    def test_does_not_take_a_calendar_that_cannot_be_read_for_free(
        self, invited: SchedulingRequest, maria: Agent
    ) -> None:
        alert = ask(invited)
        open_hours(maria)
        busy = make_busy(maria, NOW, NOW + timedelta(hours=1))
        type(busy.calendar).objects.filter(pk=busy.calendar_id).update(synced_at=NOW - timedelta(hours=1))

        look()

        assert (told(), ending_of(alert)) == ([], "")

    def test_waits_for_an_earlier_time_where_some_were_free(self, invited: SchedulingRequest, maria: Agent) -> None:
        open_hours(maria)
        busy = make_busy(maria, NOW - _DAY, NOW + 3 * _DAY)
        ask(invited, before=NOW + 3 * _DAY)

        look()
        nobody = told()
        busy.delete()
        look(SOON + timedelta(minutes=6))

        assert nobody == []
        assert [message.subject for message in mail.outbox] == ["An earlier time with Maria Schmidt has opened"]

    def test_of_what_has_one_time_tells_whoever_asked_first(
        self, account: Account, maria: Agent, kind: AppointmentType
    ) -> None:
        link = Link(account, (maria,), kind)
        ask_at(link, "second@client.example", now=NOW - timedelta(minutes=1))
        ask_at(link, "first@client.example", now=NOW - timedelta(minutes=2))
        Agent.objects.filter(pk=maria.pk).update(hours=[{"days": [1], "start": "16:00", "end": "16:30"}])
        AppointmentType.objects.filter(pk=kind.pk).update(window_amount=3)

        look()
        one = told()
        look(SOON + timedelta(minutes=6))

        assert one == ["first@client.example"]
        assert told() == ["first@client.example", "second@client.example"]

    def test_writes_in_the_account_s_own_words(
        self, account: Account, kind: AppointmentType, invited: SchedulingRequest, maria: Agent
    ) -> None:
        template = Template(
            account=account,
            name="Ours",
            kind="opening",
            subject="Hurry, {{ client.name }}",
            body="<p>{{ opening.first_time }}: {{ request.url }}</p>",
        )
        save_template(template=template, variables=VARIABLES, actor="Alex", now=NOW)
        AppointmentType.objects.filter(pk=kind.pk).update(templates={"opening": template.public_id})
        alert = ask(invited)
        open_hours(maria)

        look()

        (message,) = mail.outbox
        assert message.subject == "Hurry, Ana Ruiz"
        html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
        assert f"/schedule/opening/{alert.token}/" in html
        assert f"Stop telling me: http://localhost:8000/schedule/opening/{alert.token}/" in message.body

    def test_by_a_link_leads_back_to_it_as_they_came(
        self, account: Account, maria: Agent, kind: AppointmentType
    ) -> None:
        ask_at(Link(account, (maria,), kind), campaign={"utm_source": "signature"})
        open_hours(maria)
        Agent.objects.filter(pk=maria.pk).update(slug="maria-schmidt")

        look()

        (message,) = mail.outbox
        assert "/maria-schmidt/call/?utm_source=signature&zone=Europe%2FBerlin&email=nina%40newcomer.example" in (
            message.body
        )
        assert "Hello,\n" in message.body
        assert not Event.objects.filter(kind="request.opening_told").exists()

    def test_by_a_signed_link_leads_back_to_it(self, account: Account, maria: Agent, kind: AppointmentType) -> None:
        signed = make_signed_link(kind, [maria])
        ask_at(Link(account, (maria,), kind), signed.email, signed=signed)
        open_hours(maria)

        look()

        (message,) = mail.outbox
        assert f"/maria/call/?s={sign(signed)}&zone=Europe%2FBerlin" in message.body
        assert "email=" not in message.body

    def test_writes_in_the_language_in_which_they_asked(self, invited: SchedulingRequest, maria: Agent) -> None:
        ask(invited, language="de")
        open_hours(maria)

        look()

        (message,) = mail.outbox
        assert message.subject == "Ein Termin mit Maria Schmidt ist frei geworden"
        assert "Montag, 3. Mai 2027, 17:15" in message.body

    def test_looks_less_often_at_who_waits_for_long(self, invited: SchedulingRequest) -> None:
        alert = ask(invited)

        look(NOW + _DAY)

        alert.refresh_from_db()
        assert alert.check_at == NOW + _DAY + timedelta(minutes=15)
