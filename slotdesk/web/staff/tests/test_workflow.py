"""The workflow page: classic, Workflow Mode, its buttons, saving, conflicts, and going back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.classic import compile_workflow, workflow_of
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import Trigger, Workflow
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.models import Email
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.sealed import is_sealed, unseal
from slotdesk.domain.workflows.words import TRIGGERS
from tests.support.factories import make_agent, make_request, make_type
from tests.support.members import text_of

SignIn = Callable[[str], Client]


@pytest.fixture
def type_(account: Account) -> AppointmentType:
    with active(account):
        return make_type(account, reminders=[{"after_minutes": 1440, "template": ""}])


@pytest.fixture
def editor(type_: AppointmentType, sign_in: SignIn) -> Editor:
    browser = sign_in("administrator")
    browser.post(f"/app/types/{type_.public_id}/workflow/mode/", {"to": "workflow"})
    return Editor(browser, type_)


class Editor:
    """The page as a browser without JavaScript sees it: each press sends the whole form."""

    def __init__(self, browser: Client, type_: AppointmentType) -> None:
        self.browser, self.type = browser, type_
        self.url = f"/app/types/{type_.public_id}/workflow/"
        self.open()

    def open(self) -> None:
        self._take(self.browser.get(self.url))

    def press(self, op: str, **fields: str) -> Any:
        form = {"document": self.document, "revision": self.revision, "op": op}
        response = self.browser.post(self.url, form | fields)
        if response.status_code != 302:
            self._take(response)
        return response

    def _take(self, response: Any) -> None:
        self.document, self.revision = response.context["document"], response.context["revision"]

    @property
    def branches(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.document)["branches"]
        return found

    def keys(self, branch: int) -> list[str]:
        return [step["key"] for step in self.branches[branch]["steps"]]

    def stored(self) -> Workflow:
        self.type.refresh_from_db()
        return workflow_of(self.type)


class TestClassic:
    def test_shows_what_the_settings_say_and_offers_workflow_mode(
        self, type_: AppointmentType, sign_in: SignIn
    ) -> None:
        page = text_of(sign_in("administrator").get(f"/app/types/{type_.public_id}/workflow/"))

        assert "Switch to Workflow Mode" in page
        assert "1 day after the request, if nobody has booked" in page
        assert "Confirmation to the client" in page

    def test_cannot_be_saved_over(self, type_: AppointmentType, sign_in: SignIn) -> None:
        editor = Editor(sign_in("administrator"), type_)

        editor.press("save")

        type_.refresh_from_db()
        assert type_.workflow is None

    def test_is_shown_to_whoever_may_not_edit_and_changed_by_nobody_of_them(
        self, type_: AppointmentType, sign_in: SignIn
    ) -> None:
        editor = Editor(sign_in("dispatcher"), type_)

        response = editor.browser.post(editor.url, {"document": editor.document, "op": "save"})
        assert response.status_code == 403


class TestWords:
    def test_are_there_for_every_trigger(self) -> None:
        assert set(TRIGGERS) == set(Trigger)


class TestSwitching:
    def test_begins_with_what_the_settings_say(self, editor: Editor) -> None:
        assert editor.stored() == compile_workflow(editor.type)
        assert Event.objects.filter(kind="appointment_type.workflow_mode_started").count() == 1

    def test_back_says_what_would_be_lost_and_asks(self, editor: Editor) -> None:
        editor.press("remove-step:created.note")
        editor.press("save")

        page = text_of(editor.browser.get(f"{editor.url}mode/"))

        assert "A request is made" in page
        assert "Again:" in page
        assert "Add a note to the ticket" in page
        assert editor.stored() != compile_workflow(editor.type)

    def test_back_keeps_what_was_lost_in_the_audit_trail(self, editor: Editor) -> None:
        editor.press("remove-branch:0")
        editor.press("save")
        editor.open()
        editor.browser.post(f"{editor.url}mode/", {"to": "classic", "revision": editor.revision})

        editor.type.refresh_from_db()
        assert editor.type.workflow is None
        event = Event.objects.get(kind="appointment_type.workflow_mode_ended")
        assert event.changes["A request is made"][0] is None

    def test_back_is_refused_when_somebody_changed_it_meanwhile(self, editor: Editor) -> None:
        seen = editor.revision
        editor.press("remove-branch:0")
        editor.press("save")

        editor.browser.post(f"{editor.url}mode/", {"to": "classic", "revision": seen})

        editor.type.refresh_from_db()
        assert editor.type.workflow is not None


class TestButtons:
    def test_add_move_and_remove_steps_and_branches(self, editor: Editor) -> None:
        before = editor.keys(1)
        editor.press(f"down-step:{before[0]}")
        moved = editor.keys(1)
        editor.press(f"remove-step:{before[2]}")
        removed = editor.keys(1)
        editor.press("add-branch", **{"new-trigger": "appointment.before"})
        editor.press(f"up-branch:{len(editor.branches) - 1}")

        assert moved == [before[1], before[0], *before[2:]]
        assert before[2] not in removed
        assert editor.branches[-2]["trigger"] == "appointment.before"

    def test_drag_a_step_to_a_place_of_another_branch(self, editor: Editor) -> None:
        key = editor.keys(0)[0]

        editor.press(f"place:{key}:1:2")

        assert key not in editor.keys(0)
        assert editor.keys(1)[2] == key

    def test_store_nothing_until_it_is_saved(self, editor: Editor) -> None:
        before = editor.stored()
        for op in ("remove-branch:0", "add-step:0"):
            editor.press(op, **{"new-action-0": "wait"})

        assert editor.stored() == before

    def test_lose_nothing_that_was_typed(self, editor: Editor) -> None:
        editor.press("add-step:0", **{"new-action-0": "add_note"})
        key = editor.keys(0)[-1]
        typed = {f"s-{key}-there": "1", f"s-{key}-text": "Bad {{ liquid", f"s-{key}-kind": "discussion"}

        editor.press("add-branch", **typed, **{"new-trigger": "request.closed"})

        assert editor.branches[0]["steps"][-1]["settings"] == {"text": "Bad {{ liquid", "kind": "discussion"}

    def test_add_conditions_that_can_be_changed(self, editor: Editor) -> None:
        key = editor.keys(0)[0]
        editor.press(f"add-condition:s:{key}")
        name = f"s-{key}-c0"
        editor.press(
            "refresh:",
            **{f"{name}-field": "ticket.priority", f"{name}-operator": "one_of", f"{name}-values": "High, Critical"},
        )

        assert editor.branches[0]["steps"][0]["when"] == [
            {"field": "ticket.priority", "operator": "one_of", "values": ["High", "Critical"]}
        ]

    @pytest.mark.parametrize(
        "op", ["remove-branch:99", "place:nobody:0:0", "add-step:x", "add-condition:s:no", "up-branch:-1", "copy"]
    )
    def test_that_point_nowhere_begin_again(self, editor: Editor, op: str) -> None:
        assert editor.press(op).status_code == 302

    @pytest.mark.parametrize("document", ["", "[]", '{"branches": 7}', '{"branches": [{"trigger": "x"}]}'])
    def test_of_a_broken_page_begin_again(self, editor: Editor, document: str) -> None:
        editor.document = document

        assert editor.press("save").status_code == 302

    def test_copy_the_workflow_of_another_type(self, editor: Editor, account: Account) -> None:
        with active(account):
            other = make_type(account, is_silent=True)

        editor.press("copy", **{"copy-from": other.public_id})
        editor.press("save")

        assert editor.stored() == compile_workflow(other)


class TestSaving:
    def test_is_told_with_what_was_before_and_after(self, editor: Editor) -> None:
        editor.press("remove-step:created.status")
        assert editor.press("save").status_code == 302

        event = Event.objects.get(kind="appointment_type.workflow_changed")
        before, after = event.changes["A request is made"]
        assert [line for line in before if line not in after] == ["Ticket status: after creation"]
        assert event.actor

    def test_of_what_is_stored_tells_nothing(self, editor: Editor) -> None:
        editor.press("save")

        assert not Event.objects.filter(kind="appointment_type.workflow_changed").exists()

    def test_with_every_step_unfolded_and_nothing_changed_tells_nothing(self, editor: Editor) -> None:
        """As a browser sends it: each setting with the value that it has anyway."""
        keys = [key for number in range(len(editor.branches)) for key in editor.keys(number)]
        typed = {f"s-{key}-there": "1" for key in keys}
        for branch in editor.branches:
            for step in branch["steps"]:
                shown = {"kind": "internal", "own": "", "addresses": "", "text": ""} | step["settings"]
                typed |= {f"s-{step['key']}-{name}": str(value) for name, value in shown.items()}

        editor.press("save", **typed)

        assert not Event.objects.filter(kind="appointment_type.workflow_changed").exists()
        assert "Nothing is lost" in text_of(editor.browser.get(f"{editor.url}mode/"))

    def test_names_branch_and_step_of_every_problem(self, editor: Editor) -> None:
        editor.press("add-step:0", **{"new-action-0": "call_webhook"})
        editor.press("add-branch", **{"new-trigger": "ticket.closed"})

        response = editor.press("save")

        page = text_of(response)
        assert response.status_code == 422
        assert "A request is made → Call a webhook" in page
        assert "Address: must be a web address that begins with https://." in page
        assert "has no steps; add one or remove the branch." in page

    def test_is_refused_to_the_second_of_two_who_edit_at_once(self, editor: Editor) -> None:
        other = Editor(editor.browser, editor.type)
        other.press("remove-step:created.status")
        other.press("save")

        editor.press("remove-step:created.note")
        response = editor.press("save")

        page = text_of(response)
        assert response.status_code == 409
        assert "saved another version" in page
        assert "only in yours: Ticket status: after creation" in page
        assert editor.stored().branches[0].steps[0].key == "created.note"

    def test_over_theirs_works_after_having_seen_it(self, editor: Editor) -> None:
        other = Editor(editor.browser, editor.type)
        other.press("remove-step:created.status")
        other.press("save")
        editor.press("remove-step:created.note")
        page = editor.press("save")
        editor.revision = page.context["current_revision"]

        assert editor.press("save").status_code == 302
        assert editor.stored().branches[0].steps[0].key == "created.status"

    def test_keeps_secrets_where_nobody_reads_them(self, editor: Editor) -> None:
        editor.press("add-step:0", **{"new-action-0": "post_to_chat"})
        key = editor.keys(0)[-1]
        typed = {
            f"s-{key}-there": "1",
            f"s-{key}-service": "slack",
            f"s-{key}-url": "https://hooks.slack.example/T0/top-secret",
            f"s-{key}-text": "Hello",
        }

        assert editor.press("save", **typed).status_code == 302

        editor.type.refresh_from_db()
        page = editor.browser.get(editor.url).content.decode()
        settings = editor.stored().branches[0].steps[-1].settings
        assert is_sealed(settings["url"])
        assert unseal(settings["url"]) == "https://hooks.slack.example/T0/top-secret"
        assert "top-secret" not in page
        assert "top-secret" not in json.dumps(editor.type.workflow)
        assert "sealed" not in json.dumps(list(Event.objects.values_list("changes", flat=True)))

    def test_takes_no_secret_that_is_none(self, editor: Editor) -> None:
        editor.press("add-step:0", **{"new-action-0": "post_to_chat"})
        key = editor.keys(0)[-1]
        typed = {f"s-{key}-there": "1", f"s-{key}-service": "slack", f"s-{key}-url": "nowhere", f"s-{key}-text": "Hi"}

        assert editor.press("save", **typed).status_code == 422

    def test_is_what_later_requests_follow_and_earlier_ones_do_not(self, editor: Editor, account: Account) -> None:
        with active(account):
            agent = make_agent(account)
            earlier = make_request(editor.type, [agent])
            editor.press("remove-branch:0")
            editor.press("save")
            editor.type.refresh_from_db()
            later = make_request(editor.type, [agent])

        assert earlier.workflow == compile_workflow(editor.type).model_dump(mode="json")
        assert later.workflow == editor.type.workflow


class TestTryingOut:
    @pytest.fixture
    def request_(self, account: Account, type_: AppointmentType) -> SchedulingRequest:
        with active(account):
            return make_request(type_, [make_agent(account)])

    def press(self, editor: Editor, request_: SchedulingRequest, trigger: str) -> Any:
        return editor.press("try", **{"try-request": request_.public_id, "try-trigger": trigger})

    def test_says_what_each_step_would_do_or_why_not(self, editor: Editor, request_: SchedulingRequest) -> None:
        page = text_of(self.press(editor, request_, "request.created"))

        assert "The request has no ticket to note it on." in page
        assert "to ana@client.example." in page

    def test_changes_nothing(self, editor: Editor, request_: SchedulingRequest) -> None:
        editor.press("add-step:0", **{"new-action-0": "close_request"})
        before = Event.objects.count()

        for trigger in ("request.created", "request.unanswered", "appointment.booked", "appointment.cancelled"):
            self.press(editor, request_, trigger)

        request_.refresh_from_db()
        assert request_.status == "new"
        assert (Event.objects.count(), StepRun.objects.count(), Email.objects.count()) == (before, 0, 0)
        assert mail.outbox == []

    def test_tries_the_page_as_it_stands_and_not_what_is_stored(
        self, editor: Editor, request_: SchedulingRequest
    ) -> None:
        editor.press("add-step:0", **{"new-action-0": "close_request"})

        assert "Closes the request" in text_of(self.press(editor, request_, "request.created"))

    def test_shows_the_mail_in_a_frame_that_can_do_nothing(self, editor: Editor, request_: SchedulingRequest) -> None:
        form = {"document": editor.document, "try-request": request_.public_id, "try-trigger": "request.created"}
        response = editor.browser.post(f"{editor.url}mails/created.mail_client/", form)

        assert "Choose a time" in response.content.decode()
        assert "sandbox" in response.headers["Content-Security-Policy"]

    def test_offers_no_request_of_another_type(self, editor: Editor, account: Account) -> None:
        with active(account):
            other = make_request(make_type(account), [make_agent(account)])

        assert "Choose a request" in text_of(self.press(editor, other, "request.created"))
