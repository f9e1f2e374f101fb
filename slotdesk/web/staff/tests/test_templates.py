"""The account's own e-mail templates: made from the built-in text, tried, saved, deleted where nobody sends them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.editing import list_using
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.variables import VARIABLES
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import make_account, make_agent, make_request, make_type
from tests.support.members import text_of

SignIn = Callable[[str], Client]
LIST = "/app/settings/e-mail/"
NEW, PREVIEW = f"{LIST}new/?kind=confirmation", f"{LIST}preview/"
CHANGE = '<a href="{{ appointment.reschedule_url }}">Move</a> <a href="{{ appointment.cancel_url }}">Cancel</a>'
ENTERED = {
    "name": "Ours",
    "subject": "Done, {{ client.name }}",
    "body": f"<p>Hello</p>{CHANGE}",
    "kind": "confirmation",
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def template(account: Account) -> Template:
    return Template.objects.create(account=account, name="Ours", kind="confirmation", subject="Hi", body="<p>Hi</p>")


def address(template: Template) -> str:
    return f"{LIST}{template.public_id}/"


class TestList:
    def test_shows_every_kind_with_its_own_templates_and_who_sends_them(
        self, half_hour: AppointmentType, template: Template, sign_in: SignIn
    ) -> None:
        AppointmentType.objects.filter(pk=half_hour.pk).update(templates={"confirmation": template.public_id})

        shown = text_of(sign_in("administrator").get(LIST))

        assert "Appointment reminder" in shown
        assert "Notice: handed over" in shown
        assert "Sent by: 30-minute phone call" in shown
        assert "Lacks a link" in shown

    def test_shows_from_whom_e_mails_come_and_who_reads_the_answers(self, account: Account, sign_in: SignIn) -> None:
        shown = text_of(sign_in("administrator").get(LIST))

        assert "Summit MSP &lt;" in shown
        assert "help@summit.example" in shown

    @pytest.mark.parametrize("kind", list(Kind))
    def test_offers_a_button_for_every_kind_that_leads_somewhere(
        self, account: Account, sign_in: SignIn, kind: Kind
    ) -> None:
        page = sign_in("administrator").get(f"{LIST}new/?kind={kind}").content.decode()

        (name,) = re.findall(r"class=&quot;button&quot; href=&quot;{{ (\S+) }}&quot;", page.partition("<textarea")[0])
        assert kind in next(item for item in VARIABLES if item.name == name).kinds

    @pytest.mark.parametrize("role", ["dispatcher", "user", "finance"])
    def test_is_for_administrators(self, template: Template, sign_in: SignIn, role: str) -> None:
        assert sign_in(role).get(LIST).status_code == 403
        assert sign_in(role).get(address(template)).status_code == 403

    def test_shows_the_built_in_text_to_begin_with(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        assert "Your appointment is booked" in text_of(browser.get(f"{LIST}built-in/?kind=confirmation"))
        assert "Your appointment is booked" in text_of(browser.get(NEW))
        assert browser.get(f"{LIST}new/?kind=nothing").status_code == 404


class TestSave:
    def test_makes_a_template_and_tells_of_it(self, account: Account, sign_in: SignIn) -> None:
        assert sign_in("administrator").post(NEW, ENTERED).status_code == 302

        made = Template.objects.get()
        assert (made.name, made.kind, made.subject) == ("Ours", "confirmation", "Done, {{ client.name }}")
        event = Event.objects.get(kind="email_template.created")
        assert (event.subject, event.changes["name"]) == (made.public_id, [None, "Ours"])

    def test_changes_it_and_tells_what_was_before(self, template: Template, sign_in: SignIn) -> None:
        sign_in("administrator").post(address(template), {**ENTERED, "version": 1})

        template.refresh_from_db()
        assert (template.subject, template.version) == ("Done, {{ client.name }}", 2)
        assert Event.objects.get(kind="email_template.changed").changes["subject"] == ["Hi", template.subject]

    def test_names_line_and_variable_of_what_is_wrong_and_loses_nothing(
        self, account: Account, sign_in: SignIn
    ) -> None:
        entered = {**ENTERED, "subject": "{{ client.nmae }}", "body": "<p>\n{{ ticket.numbr }}\n{% endfor %}"}

        answer = sign_in("administrator").post(NEW, entered)

        assert answer.status_code == 422
        shown = text_of(answer)
        assert "There is no variable “client.nmae”. Do you mean client.name?" in shown
        assert "Line 3: Unexpected tag &#x27;endfor&#x27;." in shown
        assert "{{ ticket.numbr }}" in shown
        assert not Template.objects.exists()

    def test_says_all_at_once_that_is_wrong(self, account: Account, sign_in: SignIn) -> None:
        shown = text_of(sign_in("administrator").post(NEW, {**ENTERED, "name": "", "body": "{% if %}"}))

        assert "This field is required." in shown
        assert "Line 1:" in shown

    def test_names_the_field_of_a_name_that_is_taken(self, template: Template, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(NEW, ENTERED)

        assert answer.status_code == 422
        assert "Another template has this name." in text_of(answer)

    def test_overwrites_nothing_that_somebody_saved_meanwhile(self, template: Template, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        browser.post(address(template), {**ENTERED, "body": f"<p>Theirs</p>{CHANGE}", "version": 1})

        answer = browser.post(address(template), {**ENTERED, "body": f"<p>Mine</p>{CHANGE}", "version": 1})

        shown = text_of(answer)
        assert answer.status_code == 409
        assert "&lt;p&gt;Theirs" in shown
        assert "&lt;p&gt;Mine" in shown
        template.refresh_from_db()
        assert "Theirs" in template.body

    def test_replaces_it_once_both_were_seen(self, template: Template, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        browser.post(address(template), {**ENTERED, "body": "<p>Theirs</p>", "version": 1})
        answer = browser.post(address(template), {**ENTERED, "body": "<p>Mine</p>", "version": 1})
        (version,) = re.findall(r'name="version" value="(\d+)"', answer.content.decode())

        browser.post(address(template), {**ENTERED, "body": "<p>Mine</p>", "version": version})

        template.refresh_from_db()
        assert template.body == "<p>Mine</p>"

    def test_keeps_what_was_typed_into_one_that_was_deleted_meanwhile(
        self, template: Template, sign_in: SignIn
    ) -> None:
        template.delete()

        answer = sign_in("administrator").post(f"{LIST}tmpl_gone/", {**ENTERED, "version": 1})

        assert answer.status_code == 409
        assert "Done, {{ client.name }}" in text_of(answer)
        assert not Template.objects.exists()

    def test_hints_at_links_that_an_older_template_lacks(self, template: Template, sign_in: SignIn) -> None:
        shown = text_of(sign_in("administrator").get(address(template)))

        assert "add {{ appointment.reschedule_url }}" in shown
        assert "add {{ appointment.cancel_url }}" in shown

    def test_of_another_account_there_is_none(self, account: Account, sign_in: SignIn) -> None:
        other = make_account()
        with active(other):
            theirs = Template.objects.create(account=other, name="Theirs", kind="confirmation", subject="", body="")

        assert sign_in("administrator").get(address(theirs)).status_code == 404


class TestDelete:
    @pytest.mark.parametrize(
        "place",
        [
            {"templates": {"confirmation": "ID"}},
            {"reminders": [{"after_minutes": 60, "template": "ID"}]},
            {"appointment_reminders": [{"before_minutes": 60, "template": "ID"}]},
            {"workflow": {"branches": [{"steps": [{"settings": {"own": "ID"}}]}]}},
        ],
    )
    def test_is_refused_while_a_type_sends_it_wherever_that_stands(
        self, half_hour: AppointmentType, template: Template, sign_in: SignIn, place: dict[str, object]
    ) -> None:
        named = {field: _put_in(value, template.public_id) for field, value in place.items()}
        AppointmentType.objects.filter(pk=half_hour.pk).update(**named)

        shown = text_of(sign_in("administrator").post(f"{address(template)}deletion/", follow=True))

        assert "it is sent by 30-minute phone call" in shown
        assert list_using(template) == [half_hour]

    def test_is_told_with_what_it_said(self, template: Template, sign_in: SignIn) -> None:
        sign_in("administrator").post(f"{address(template)}deletion/")

        assert not Template.objects.exists()
        assert Event.objects.get(kind="email_template.deleted").changes["body"] == ["<p>Hi</p>", None]


class TestPreview:
    def test_fills_in_examples_in_a_frame_where_nothing_runs(self, account: Account, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(PREVIEW, ENTERED)

        shown = text_of(answer)
        assert "Done, Ana Ruiz" in shown
        assert "<iframe sandbox" in shown
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]

    def test_shows_the_text_part_too(self, account: Account, sign_in: SignIn) -> None:
        shown = text_of(sign_in("administrator").post(PREVIEW, {**ENTERED, "view": "text"}))

        assert "Move &lt;https://book.example/schedule/sample/appointment/reschedule/&gt;" in shown

    def test_fills_in_a_request_of_the_member(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        SchedulingRequest.objects.update(client_name="Zoë <b>Stern</b>")
        entered = {**ENTERED, "kind": "invitation", "request": request_.public_id}

        shown = text_of(sign_in("administrator").post(PREVIEW, entered))

        assert "Done, Zoë &lt;b&gt;Stern&lt;/b&gt;" in shown

    def test_fills_in_examples_for_a_request_that_is_gone(self, account: Account, sign_in: SignIn) -> None:
        shown = text_of(sign_in("administrator").post(PREVIEW, {**ENTERED, "request": "sreq_gone"}))

        assert "Done, Ana Ruiz" in shown

    def test_fills_in_no_request_of_another_account(self, account: Account, sign_in: SignIn) -> None:
        other = make_account("Other MSP")
        with active(other):
            theirs = make_request(make_type(other), [make_agent(other)], name="Somebody Else")

        shown = text_of(sign_in("administrator").post(PREVIEW, {**ENTERED, "request": theirs.public_id}))

        assert "Somebody Else" not in shown
        assert "Done, Ana Ruiz" in shown

    def test_says_what_is_wrong(self, account: Account, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(PREVIEW, {**ENTERED, "body": "\n{{ nobody }}"})

        assert answer.status_code == 422
        assert "Line 2: There is no variable “nobody”." in text_of(answer)


class TestTestMail:
    def test_goes_to_whoever_asked_and_saves_nothing(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        shown = text_of(browser.post(NEW, {**ENTERED, "test": "yes"}))

        (sent,) = mail.outbox
        assert sent.subject == "[Test] Done, Ana Ruiz"
        assert sent.to == [re.search(r"on its way to (\S+@\S+?)\. ", shown)[1]]  # type: ignore[index]
        assert sent.reply_to == ["help@summit.example"]
        assert "Done, {{ client.name }}" in shown
        assert not Template.objects.exists()

    def test_of_a_template_that_is_wrong_is_not_sent(self, account: Account, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(NEW, {**ENTERED, "body": "{% if %}", "test": "yes"})

        assert answer.status_code == 422
        assert mail.outbox == []


class TestRace:
    def test_a_request_made_before_a_template_went_keeps_its_other_values(
        self, request_: SchedulingRequest, agent: Agent, sign_in: SignIn
    ) -> None:
        """A preview with a request that was deleted meanwhile is filled with examples."""
        entered = {**ENTERED, "request": "sreq_gone"}

        assert "Done, Ana Ruiz" in text_of(sign_in("administrator").post(PREVIEW, entered))


def _put_in(value: object, public_id: str) -> object:
    if isinstance(value, dict):
        return {name: _put_in(inner, public_id) for name, inner in value.items()}
    if isinstance(value, list):
        return [_put_in(inner, public_id) for inner in value]
    return public_id if value == "ID" else value
