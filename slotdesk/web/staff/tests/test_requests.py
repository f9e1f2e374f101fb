"""The list of requests, a request's page, and what may be done there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.models import Email
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.workflows.advance import advance
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.sealed import seal
from tests.support.factories import NOW, make_agent, make_request
from tests.support.members import signed_in, text_of

SignIn = Callable[[str], Client]
# 11:00 in New York.
ELEVEN = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)


def book(request: SchedulingRequest) -> Appointment:
    answers = Answers(zone="America/Denver", name="", note="The printer is on the second floor.")
    return book_slot(request=request, starts_at=ELEVEN, answers=answers, key="k", now=NOW)


def add_runs(request: SchedulingRequest) -> list[StepRun]:
    """The step runs that follow from the request's creation."""
    advance(event_id=Event.objects.get(subject=request.public_id).pk, now=NOW)
    return list(StepRun.objects.filter(request=request).order_by("id"))


def settle(run: StepRun, state: StepRun.State, outcome: str) -> None:
    is_over = state in (StepRun.State.DONE, StepRun.State.FAILED, StepRun.State.SKIPPED)
    StepRun.objects.filter(pk=run.pk).update(
        state=state, outcome=outcome, attempts=3, finished_at=NOW if is_over else None
    )


class TestList:
    def test_shows_who_what_and_when(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        book(request_)

        page = text_of(sign_in("dispatcher").get("/app/requests/"))

        assert "Ana Ruiz" in page
        assert "Maria Schmidt" in page
        assert "Scheduled" in page
        assert "Today, 11:00 AM" in page

    def test_says_how_to_begin_when_it_is_empty(self, account: Account, sign_in: SignIn) -> None:
        assert "Connect your PSA" in text_of(sign_in("administrator").get("/app/requests/"))

    def test_says_that_nothing_matches(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        assert "Nothing matches" in text_of(sign_in("dispatcher").get("/app/requests/?q=nobody"))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=ana", True),
            ("q=client+ltd", True),
            ("q=ruiz+client", True),
            ("q=ruiz+other", False),
            ("q=ana@client.example", True),
            ("status=new", True),
            ("status=cancelled", False),
            ("since=2027-05-03", True),
            ("since=2027-05-04", False),
            ("until=2027-05-03", True),
            ("until=2027-05-02", False),
            ("attention=true", False),
        ],
    )
    def test_is_narrowed(self, request_: SchedulingRequest, sign_in: SignIn, query: str, found: bool) -> None:
        assert ("Ana Ruiz" in text_of(sign_in("dispatcher").get(f"/app/requests/?{query}"))) is found

    def test_is_narrowed_to_a_person_and_a_type(
        self, account: Account, half_hour: AppointmentType, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        other = make_agent(account, "Jordan Doe")
        make_request(half_hour, [other], name="Ben Katz")
        browser = sign_in("dispatcher")

        by_person = text_of(browser.get(f"/app/requests/?agent={other.public_id}"))
        by_type = text_of(browser.get(f"/app/requests/?type={half_hour.public_id}"))

        assert "Ben Katz" in by_person
        assert "Ana Ruiz" not in by_person
        assert "Ben Katz" in by_type
        assert "Ana Ruiz" in by_type

    def test_is_sorted_by_what_is_asked(
        self, half_hour: AppointmentType, agent: Agent, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        make_request(half_hour, [agent], name="Zoe Abel", now=NOW - timedelta(days=1))
        browser = sign_in("dispatcher")

        newest_first = text_of(browser.get("/app/requests/"))
        last_name_first = text_of(browser.get("/app/requests/?sort=-client_name"))

        assert newest_first.index("Ana Ruiz") < newest_first.index("Zoe Abel")
        assert last_name_first.index("Zoe Abel") < last_name_first.index("Ana Ruiz")

    def test_comes_in_pages(self, half_hour: AppointmentType, agent: Agent, sign_in: SignIn) -> None:
        for number in range(26):
            make_request(half_hour, [agent], name=f"Client {number:02d}", now=NOW + timedelta(minutes=number))
        browser = sign_in("dispatcher")

        assert "Client 00" not in text_of(browser.get("/app/requests/"))
        assert "Client 00" in text_of(browser.get("/app/requests/?page=2"))

    def test_marks_what_needs_attention(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        runs, browser = add_runs(request_), sign_in("dispatcher")

        assert "A step failed" not in text_of(browser.get("/app/requests/"))
        settle(runs[0], StepRun.State.WAITING, "The PSA does not answer.")
        assert "Being retried" in text_of(browser.get("/app/requests/"))
        settle(runs[0], StepRun.State.FAILED, "The PSA refuses.")
        assert "A step failed" in text_of(browser.get("/app/requests/?attention=true"))

    def test_shows_a_user_what_asks_for_them_only(
        self, account: Account, half_hour: AppointmentType, request_: SchedulingRequest
    ) -> None:
        jordan = make_agent(account, "Jordan Doe")
        theirs = make_request(half_hour, [jordan], name="Ben Katz")
        browser = signed_in(account, "user", agent=jordan)

        page = text_of(browser.get("/app/requests/"))

        assert "Ben Katz" in page
        assert "Ana Ruiz" not in page
        assert browser.get(f"/app/requests/{theirs.public_id}/").status_code == 200
        assert browser.get(f"/app/requests/{request_.public_id}/").status_code == 404

    def test_answers_htmx_with_the_results_alone(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        page = text_of(sign_in("dispatcher").get("/app/requests/", headers={"HX-Request": "true"}))

        assert "Ana Ruiz" in page
        assert "<html" not in page


class TestPage:
    def test_shows_the_time_on_both_clocks_and_what_the_client_wrote(
        self, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        book(request_)

        page = text_of(sign_in("dispatcher").get(f"/app/requests/{request_.public_id}/"))

        assert "Today, 11:00 AM EDT" in page
        assert "9:00 AM MDT for the client" in page
        assert "The printer is on the second floor." in page

    def test_tells_every_step_with_its_outcome(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        note, status, mail = add_runs(request_)[:3]
        settle(note, StepRun.State.DONE, "Noted on the ticket.")
        settle(status, StepRun.State.FAILED, "The board lost this status.")
        settle(mail, StepRun.State.WAITING, "The mail server does not answer.")

        page = text_of(sign_in("dispatcher").get(f"/app/requests/{request_.public_id}/timeline/"))

        assert "Noted on the ticket." in page
        assert "The board lost this status." in page
        assert "Tried again" in page
        assert "3 attempts" in page
        assert "1 step failed for good" in page

    def test_looks_again_only_while_something_is_under_way(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        browser, url = sign_in("dispatcher"), f"/app/requests/{request_.public_id}/timeline/"
        before = text_of(browser.get(url))
        for run in add_runs(request_):
            settle(run, StepRun.State.DONE, "Done.")

        assert "hx-trigger" in before
        assert "hx-trigger" not in text_of(browser.get(url))

    def test_does_not_wait_for_timers_that_are_days_away(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        for run in add_runs(request_):
            settle(run, StepRun.State.DONE, "Done.")
        last = StepRun.objects.order_by("-id")[0]
        StepRun.objects.filter(pk=last.pk).update(
            is_timer=True, state="waiting", attempts=0, finished_at=None, due_at=NOW + timedelta(days=2)
        )

        page = text_of(sign_in("dispatcher").get(f"/app/requests/{request_.public_id}/timeline/"))

        assert "Planned for" in page
        assert "hx-trigger" not in page

    def test_shows_a_mail_as_it_was_sent_and_lets_it_do_nothing(
        self, account: Account, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        mail = Email.objects.create(
            account=account,
            key="k",
            subject_id=request_.public_id,
            kind="invitation",
            to=["ana@client.example"],
            subject="Choose a time",
            text="",
            html="<p>Hello Ana</p>",
            message_id="<m@x>",
            created_at=NOW,
        )
        browser = sign_in("dispatcher")

        shown = browser.get(f"/app/requests/{request_.public_id}/emails/{mail.pk}/")

        assert "Choose a time" in text_of(browser.get(f"/app/requests/{request_.public_id}/"))
        assert "Hello Ana" in text_of(shown)
        assert "sandbox;" in shown.headers["Content-Security-Policy"]
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
        assert browser.get(f"/app/requests/{request_.public_id}/emails/{mail.pk + 1}/").status_code == 404


class TestCancellation:
    def test_takes_a_request_back(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        sign_in("dispatcher").post(f"/app/requests/{request_.public_id}/cancellation/")

        request_.refresh_from_db()
        assert request_.status == "cancelled"

    def test_calls_an_appointment_off_with_a_message(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        appointment = book(request_)

        url = f"/app/requests/{request_.public_id}/cancellation/"
        page = text_of(sign_in("dispatcher").post(url, {"reason": "Maria is ill."}, follow=True))

        appointment.refresh_from_db()
        assert (appointment.cancellation.by, appointment.cancellation.reason) == ("The dispatcher", "Maria is ill.")
        assert "Maria is ill." in page

    def test_is_not_for_every_role(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        assert sign_in("finance").post(f"/app/requests/{request_.public_id}/cancellation/").status_code == 403

    def test_needs_a_form_of_ours(self, account: Account, request_: SchedulingRequest) -> None:
        browser = signed_in(account, "dispatcher")
        browser.handler.enforce_csrf_checks = True

        assert browser.post(f"/app/requests/{request_.public_id}/cancellation/").status_code == 403
        request_.refresh_from_db()
        assert request_.status == "new"


class TestRetry:
    def test_has_a_failed_step_run_again(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        run = add_runs(request_)[0]
        settle(run, StepRun.State.FAILED, "The PSA refuses.")

        sign_in("dispatcher").post(f"/app/requests/{request_.public_id}/steps/{run.pk}/retry/")

        run.refresh_from_db()
        assert (run.state, run.attempts, run.due_at) == ("waiting", 0, NOW)
        event = Event.objects.get(kind="request.step_retried")
        assert event.actor
        assert event.data == {"step": run.step_key, "action": run.action, "was": "The PSA refuses."}

    def test_finds_the_steps_of_this_request_only(
        self, half_hour: AppointmentType, agent: Agent, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        run = add_runs(make_request(half_hour, [agent]))[0]

        url = f"/app/requests/{request_.public_id}/steps/{run.pk}/retry/"

        assert sign_in("dispatcher").post(url).status_code == 404


class TestSkip:
    def url(self, request_: SchedulingRequest, run: StepRun) -> str:
        return f"/app/requests/{request_.public_id}/steps/{run.pk}/skip/"

    def test_ends_a_waiting_step_and_is_told(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        run = add_runs(request_)[0]
        settle(run, StepRun.State.WAITING, "The PSA does not answer.")

        sign_in("dispatcher").post(self.url(request_, run))

        run.refresh_from_db()
        event = Event.objects.get(kind="request.step_skipped")
        assert (run.state, run.outcome) == ("skipped", "Skipped by The dispatcher.")
        assert event.actor == "The dispatcher"
        assert event.data["was"] == "The PSA does not answer."

    def test_leaves_a_step_alone_that_has_been_done(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        run = add_runs(request_)[0]
        settle(run, StepRun.State.DONE, "Noted on the ticket.")

        page = text_of(sign_in("dispatcher").post(self.url(request_, run), follow=True))

        run.refresh_from_db()
        assert run.state == "done"
        assert "It was done or is being done this moment" in page

    def test_finds_the_steps_of_this_request_only(
        self, half_hour: AppointmentType, agent: Agent, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        run = add_runs(make_request(half_hour, [agent]))[0]

        assert sign_in("dispatcher").post(self.url(request_, run)).status_code == 404

    def test_shows_what_a_step_was_told_and_no_secret(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        run = add_runs(request_)[0]
        when = [{"field": "company", "operator": "is", "values": ["Client Ltd"]}]
        told = {"service": "slack", "url": seal("https://hooks.slack.example/top-secret"), "text": "Hello all"}
        StepRun.objects.filter(pk=run.pk).update(action="post_to_chat", settings=told, when=when)

        page = text_of(sign_in("dispatcher").get(f"/app/requests/{request_.public_id}/"))

        assert "Hello all" in page
        assert "The client’s company is Client Ltd" in page
        assert "(a secret)" in page
        assert "sealed:" not in page
