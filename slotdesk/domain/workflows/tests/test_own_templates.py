"""What is sent where a type has chosen an e-mail of the account's own, through a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from slotdesk.domain.messages.models import Email, Template
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


def own(msp: Msp, body: str, *, kind: str = "invitation") -> Template:
    return Template.objects.create(account=msp.account, name="Ours", kind=kind, subject="Come in", body=body)


def invited(msp: Msp, template_id: str) -> tuple[str, str, str]:
    """Invite with this template and return the e-mail's subject, its HTML, and how the step says it went."""
    msp.type.templates = {"invitation": template_id}
    msp.type.save()
    ticket = msp.open_ticket()
    msp.invite(ticket)
    for event_id in list_left_behind(before=timezone.now() + timedelta(days=1)):
        advance(event_id=event_id, now=timezone.now())
    run = StepRun.objects.get(action="send_email", settings__template="invitation")
    run_step(step_run_id=run.pk, clock=timezone.now)
    run.refresh_from_db()
    (mail,) = msp.mails_to(ticket["contactEmailAddress"])
    return mail.subject, Email.objects.get(kind="invitation").html, run.outcome


class TestOwnTemplate:
    def test_is_sent_in_place_of_the_built_in_one(self, msp: Msp) -> None:
        template = own(msp, '<p>Dear {{ client.name }}, <a href="{{ request.url }}">here</a></p>')

        subject, html, outcome = invited(msp, template.public_id)

        assert subject == "Come in"
        assert "<p" in html
        assert "/schedule/" in html
        assert "built-in" not in outcome

    def test_that_fails_keeps_no_e_mail_back_and_the_history_says_so(self, msp: Msp) -> None:
        template = own(msp, "{% if %}")

        subject, html, outcome = invited(msp, template.public_id)

        assert subject.startswith("Choose a time")
        assert "/schedule/" in html
        assert "The built-in e-mail, since the template “Ours” failed: Line 1" in outcome

    def test_that_was_deleted_keeps_no_e_mail_back_either(self, msp: Msp) -> None:
        subject, _html, outcome = invited(msp, "tmpl_gone")

        assert subject.startswith("Choose a time")
        assert "since the chosen template was deleted" in outcome

    def test_of_another_kind_is_not_sent(self, msp: Msp) -> None:
        template = own(msp, "<p>It is off.</p>", kind="cancellation")

        subject, _html, outcome = invited(msp, template.public_id)

        assert subject.startswith("Choose a time")
        assert "since the chosen template is one of the kind cancellation" in outcome
