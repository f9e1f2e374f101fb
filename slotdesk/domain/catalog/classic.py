"""Classic settings, compiled to the workflow that reproduces them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.workflow import BY_SHAREABLE, INVITED, Branch, Condition, Step, Trigger, Workflow

_MOST_REMINDERS = 2
# Of the two steps the one that applies is done, the other skipped. Clients read the reason.
_TICKET_CLOSED = Branch(
    trigger=Trigger.TICKET_CLOSED,
    steps=(
        Step(
            key="ticket_closed.cancel",
            action="cancel_appointment",
            settings={"reason": "Your ticket has been closed, so the appointment is no longer needed."},
        ),
        Step(key="ticket_closed.close", action="close_request"),
    ),
)


def workflow_of(appointment_type: AppointmentType) -> Workflow:
    """What a request made from the type now will do: in Workflow Mode what was edited, otherwise what is compiled."""
    if appointment_type.workflow is not None:
        return Workflow.model_validate(appointment_type.workflow)
    return compile_workflow(appointment_type)


def compile_workflow(appointment_type: AppointmentType) -> Workflow:
    """
    Return the workflow of a type in classic mode.

    Statuses are named by their moment and looked up per board when the step runs, so one workflow serves every board.
    A silent type writes to its own people only.
    """
    mail = _Mails(appointment_type)
    branches = [
        _branch(Trigger.CREATED, _note(), _status("created"), mail.to_client("invitation", INVITED)),
        _branch(
            Trigger.BOOKED,
            *_without_ticket(appointment_type),
            _entry(),
            _note(),
            _status("scheduled"),
            mail.to_client("confirmation"),
            mail.to_guests("guest_confirmation"),
            mail.to("agents", "booked_notice"),
        ),
        _branch(
            Trigger.RESCHEDULED,
            _activity(appointment_type),
            _entry(),
            _note(),
            _status("scheduled"),
            mail.to_client("rescheduled"),
            mail.to_guests("guest_rescheduled"),
            mail.to("agents", "rescheduled_notice"),
        ),
        _branch(
            Trigger.REASSIGNED,
            _activity(appointment_type),
            _entry(),
            _note(),
            mail.to_client("reassigned"),
            mail.to_guests("guest_rescheduled"),
            mail.to("agents", "reassigned_notice"),
            mail.to("former_agents", "handed_over_notice"),
        ),
        _branch(
            Trigger.CANCELLED,
            _activity(appointment_type),
            _entry(),
            _note(),
            _status("cancelled"),
            mail.to_client("cancellation"),
            mail.to_guests("guest_cancellation"),
            mail.to("agents", "cancelled_notice"),
        ),
        _branch(Trigger.REQUEST_CANCELLED, _note(), _status("cancelled")),
        _branch(Trigger.READDRESSED, _note(), mail.to_client("invitation", INVITED)),
        _branch(Trigger.GUESTS_ADDED, mail.to_guests("guest_confirmation")),
    ]
    if not appointment_type.is_silent:
        branches += _reminders(appointment_type, mail)
    if appointment_type.no_response_amount:
        branches.append(_no_response(appointment_type))
    if appointment_type.ends_with_ticket:
        branches.append(_TICKET_CLOSED)
    return Workflow(branches=tuple(branch for branch in branches if branch.steps))


def _without_ticket(appointment_type: AppointmentType) -> Iterator[Step | None]:
    """What a booking by a shareable link needs first: who the client is in the PSA, and a ticket or an activity."""
    if appointment_type.shareable == AppointmentType.Shareable.OFF:
        return
    who = {
        "new_contacts": appointment_type.new_contacts,
        "company_type_id": appointment_type.company_type_id,
        "company_status_id": appointment_type.company_status_id,
        "catch_all_company_id": appointment_type.catch_all_company_id,
    }
    yield Step(key="contact", action="create_or_match_contact", settings=_chosen(who), when=(BY_SHAREABLE,))
    if appointment_type.shareable == AppointmentType.Shareable.TICKET:
        ticket = {
            "board_id": appointment_type.board_id,
            "type_id": appointment_type.ticket_type_id,
            "priority_id": appointment_type.priority_id,
            "summary": appointment_type.ticket_summary,
        }
        yield Step(key="ticket", action="create_ticket", settings=_chosen(ticket), when=(BY_SHAREABLE,))
    yield _activity(appointment_type)


def _activity(appointment_type: AppointmentType) -> Step | None:
    if appointment_type.shareable != AppointmentType.Shareable.ACTIVITY:
        return None
    settings = {"activity_type_id": appointment_type.activity_type_id, "title": appointment_type.ticket_summary}
    return Step(key="activity", action="create_activity", settings=_chosen(settings), when=(BY_SHAREABLE,))


def _chosen(settings: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if value}


class _Mails:
    """The type's e-mails: with its own templates, and none to the client where it is silent."""

    def __init__(self, appointment_type: AppointmentType) -> None:
        self._own = appointment_type.templates
        self._is_silent = appointment_type.is_silent

    def to_client(self, kind: str, *when: Condition) -> Step | None:
        return None if self._is_silent else self.to("client", kind, *when)

    def to_guests(self, kind: str) -> Step | None:
        return None if self._is_silent else self.to("guests", kind)

    def to(self, whom: str, kind: str, *when: Condition, own: str = "") -> Step:
        settings = {"template": kind, "to": whom}
        chosen = own or self._own.get(kind, "")
        if chosen:
            settings["own"] = chosen
        return Step(key=f"mail_{whom}", action="send_email", settings=settings, when=when)


def _reminders(appointment_type: AppointmentType, mail: _Mails) -> Iterator[Branch]:
    """To clients who have not answered, and before the start. Nobody is chased who was not invited by us."""
    unanswered = sorted(appointment_type.reminders, key=lambda reminder: reminder["after_minutes"])
    for number, reminder in enumerate(unanswered[:_MOST_REMINDERS], start=1):
        step = mail.to("client", "reminder", own=reminder["template"])
        yield Branch(
            trigger=Trigger.UNANSWERED,
            minutes=reminder["after_minutes"],
            when=(INVITED,),
            steps=(_keyed(f"reminder_{number}", step),),
        )
    before = sorted(appointment_type.appointment_reminders, key=lambda reminder: -reminder["before_minutes"])
    for number, reminder in enumerate(before[:_MOST_REMINDERS], start=1):
        step = mail.to("client", "appointment_reminder", own=reminder["template"])
        yield Branch(
            trigger=Trigger.BEFORE,
            minutes=reminder["before_minutes"],
            steps=(_keyed(f"appointment_reminder_{number}", step),),
        )


def _no_response(appointment_type: AppointmentType) -> Branch:
    steps = [_keyed("no_response.status", _status("no_response"))]
    if appointment_type.no_response_closes:
        steps.append(Step(key="no_response.close", action="close_request"))
    return Branch(
        trigger=Trigger.UNANSWERED,
        minutes=appointment_type.no_response_deadline // timedelta(minutes=1),
        when=(INVITED,),
        steps=tuple(steps),
    )


def _branch(trigger: Trigger, *steps: Step | None) -> Branch:
    prefix = trigger.value.replace("request.", "").replace("appointment.", "appointment_")
    kept = [step for step in steps if step is not None]
    return Branch(trigger=trigger, steps=tuple(_keyed(f"{prefix}.{step.key}", step) for step in kept))


def _keyed(key: str, step: Step) -> Step:
    return step.model_copy(update={"key": key})


def _note() -> Step:
    return Step(key="note", action="add_note")


def _entry() -> Step:
    return Step(key="entry", action="write_entry")


def _status(moment: str) -> Step:
    return Step(key="status", action="set_ticket_status", settings={"moment": moment})
