"""Whether a step's conditions hold, by what is known when it is about to run, and in words why they do not."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from slotdesk.domain.attributes.queries import template_values
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.workflow import Condition, Operator, Trigger
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.events.models import Event
from slotdesk.domain.events.plain_words import plain_words
from slotdesk.domain.workflows.actions.base import Context
from slotdesk.ports.errors import NotFound
from slotdesk.ports.psa import Ticket

_TEXT = (
    Operator.IS,
    Operator.IS_NOT,
    Operator.ONE_OF,
    Operator.CONTAINS,
    Operator.IS_EMPTY,
    Operator.IS_FILLED,
)
_CHOICE = (Operator.IS, Operator.IS_NOT, Operator.ONE_OF)
_NUMBER = (Operator.AT_LEAST, Operator.AT_MOST)
# What gives an appointment its time.
_CHOSEN = (Trigger.BOOKED, Trigger.RESCHEDULED)
_YES_NO = (("yes", pgettext_lazy("staff", "yes")), ("no", pgettext_lazy("staff", "no")))

OPERATORS: Mapping[Operator, Promise] = {
    Operator.IS: pgettext_lazy("staff", "is"),
    Operator.IS_NOT: pgettext_lazy("staff", "is not"),
    Operator.ONE_OF: pgettext_lazy("staff", "is one of"),
    Operator.CONTAINS: pgettext_lazy("staff", "contains"),
    Operator.IS_EMPTY: pgettext_lazy("staff", "is empty"),
    Operator.IS_FILLED: pgettext_lazy("staff", "is filled in"),
    Operator.AT_LEAST: pgettext_lazy("staff", "is at least"),
    Operator.AT_MOST: pgettext_lazy("staff", "is at most"),
}
WITHOUT_VALUES = frozenset({Operator.IS_EMPTY, Operator.IS_FILLED})


class Facts:
    """What is known of a step run's request, each thing read when it is asked for and then kept."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.is_ticket_gone = False

    @property
    def request(self) -> SchedulingRequest:
        return self.context.request

    @functools.cached_property
    def ticket(self) -> Ticket | None:
        """The ticket as it is now; None when there is none, or none any more. Raises ports.errors.PortError."""
        psa, ref = self.context.psa, self.context.ticket
        if psa is None or ref is None:
            return None
        try:
            return open_psa(psa, seconds=PATIENT).get_ticket(ref)
        except NotFound:
            self.is_ticket_gone = True
            return None

    @functools.cached_property
    def attributes(self) -> Mapping[str, str | bool]:
        return template_values(self.request)

    def answers(self, key: str) -> tuple[str, ...]:
        appointment = self.context.appointment()
        answers = appointment.answers if appointment else []
        return _filled(*(_as_text(answer.get("value")) for answer in answers if answer.get("key") == key))

    def attribute(self, key: str) -> tuple[str, ...]:
        return _filled(_as_text(self.attributes.get(key, "")))


@dataclass(frozen=True, slots=True)
class ConditionField:
    """
    What a condition may ask about.

    label     begins a sentence: "The ticket's priority"
    read      returns the values that it has now, none when it is empty
    choices   (value, label) where only these can be; others are text
    is_fixed  never changes in a request's life, so that it can be looked at before the step's time
    """

    label: str | Promise
    operators: tuple[Operator, ...]
    read: Callable[[Facts], tuple[str, ...]]
    choices: tuple[tuple[str, str | Promise], ...] = ()
    is_fixed: bool = False


def _filled(*values: str) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _ticket_name(attribute: str) -> Callable[[Facts], tuple[str, ...]]:
    def read(facts: Facts) -> tuple[str, ...]:
        named = getattr(facts.ticket, attribute, None)
        return _filled(named.name) if named else ()

    return read


def _resources(facts: Facts) -> tuple[str, ...]:
    """Whoever was asked, and whoever takes it."""
    asked = [item.name for item in facts.request.resources.select_related("agent", "team").order_by("position")]
    return tuple(dict.fromkeys([*asked, *(agent.name for agent in facts.context.agents())]))


def _lead_hours(facts: Facts) -> tuple[str, ...]:
    """From the booking to the start; from the move that gave it its time, once it was moved."""
    appointment, event = facts.context.appointment(), facts.context.run.event
    if appointment is None:
        return ()
    chosen = event.created_at if event.kind in _CHOSEN else _chosen_at(facts.request, appointment)
    lead = appointment.starts_at - chosen
    return (f"{lead / timedelta(hours=1):.2f}",)


def _chosen_at(request: SchedulingRequest, appointment: Appointment) -> datetime:
    moves = Event.objects.filter(subject=request.public_id, kind__in=_CHOSEN, data__appointment=appointment.public_id)
    last = moves.order_by("-id").first()
    return last.created_at if last else appointment.booked_at


def _cancelled_by(facts: Facts) -> tuple[str, ...]:
    actor = facts.context.run.event.actor
    if not facts.context.run.event.kind.endswith(".cancelled"):
        return ()
    if actor.endswith("(client)"):
        return ("client",)
    return ("staff",) if actor and actor != "Slotdesk" else ("system",)


def _yes_no(read: Callable[[Facts], bool]) -> Callable[[Facts], tuple[str, ...]]:
    return lambda facts: ("yes" if read(facts) else "no",)


FIELDS: Mapping[str, ConditionField] = {
    "request.invited": ConditionField(
        pgettext_lazy("staff", "The client was sent an invitation"),
        (Operator.IS,),
        _yes_no(lambda facts: facts.request.origin == SchedulingRequest.Origin.PANEL),
        _YES_NO,
        is_fixed=True,
    ),
    "request.origin": ConditionField(
        pgettext_lazy("staff", "How the request came about"),
        _CHOICE,
        lambda facts: (facts.request.origin,),
        tuple(SchedulingRequest.Origin.choices),
        is_fixed=True,
    ),
    "request.silent": ConditionField(
        pgettext_lazy("staff", "The client is to get no e-mail"),
        (Operator.IS,),
        _yes_no(lambda facts: facts.request.is_silent),
        _YES_NO,
    ),
    "type": ConditionField(
        pgettext_lazy("staff", "The appointment type"),
        _TEXT,
        lambda facts: (facts.request.internal_name,),
        is_fixed=True,
    ),
    "ticket.board": ConditionField(pgettext_lazy("staff", "The ticket’s board"), _TEXT, _ticket_name("board")),
    "ticket.priority": ConditionField(pgettext_lazy("staff", "The ticket’s priority"), _TEXT, _ticket_name("priority")),
    "ticket.type": ConditionField(pgettext_lazy("staff", "The ticket’s type"), _TEXT, _ticket_name("type")),
    "ticket.status": ConditionField(pgettext_lazy("staff", "The ticket’s status"), _TEXT, _ticket_name("status")),
    "ticket.new_status": ConditionField(
        pgettext_lazy("staff", "The status that the ticket has been given"),
        _TEXT,
        lambda facts: _filled(_as_text(facts.context.run.event.data.get("to"))),
    ),
    "company": ConditionField(
        pgettext_lazy("staff", "The client’s company"), _TEXT, lambda facts: _filled(facts.request.company_name)
    ),
    "contact.name": ConditionField(
        pgettext_lazy("staff", "The client’s name"), _TEXT, lambda facts: _filled(facts.request.client_name)
    ),
    "contact.email": ConditionField(
        pgettext_lazy("staff", "The client’s address"), _TEXT, lambda facts: _filled(facts.request.client_email)
    ),
    "contact.phone": ConditionField(
        pgettext_lazy("staff", "The client’s number"), _TEXT, lambda facts: _filled(facts.request.client_phone)
    ),
    "resource": ConditionField(pgettext_lazy("staff", "Who was asked or takes it"), _TEXT, _resources),
    "appointment.lead_hours": ConditionField(
        pgettext_lazy("staff", "The hours from booking to start"), _NUMBER, _lead_hours
    ),
    "cancelled_by": ConditionField(
        pgettext_lazy("staff", "Who cancelled"),
        _CHOICE,
        _cancelled_by,
        (
            ("client", pgettext_lazy("staff", "the client")),
            ("staff", pgettext_lazy("staff", "one of us")),
            ("system", pgettext_lazy("staff", "Slotdesk itself")),
        ),
    ),
}
# Fields whose last part names a question of the type or a custom attribute of the account.
FAMILIES: Mapping[str, tuple[Promise, Callable[[Facts, str], tuple[str, ...]]]] = {
    "answer": (pgettext_lazy("staff", "The answer to “%(key)s”"), Facts.answers),
    "attribute": (pgettext_lazy("staff", "The custom attribute “%(key)s”"), Facts.attribute),
}


class UnknownField(LookupError):
    """A condition asks about something that does not exist."""


def get_field(name: str) -> ConditionField:
    """Return the field; of a family's, any name will do. Raises UnknownField."""
    found = FIELDS.get(name)
    if found is not None:
        return found
    family, _, key = name.partition(".")
    if family not in FAMILIES or not key:
        raise UnknownField(name)
    label, read = FAMILIES[family]
    return ConditionField(label % {"key": key}, (*_TEXT, *_NUMBER), lambda facts: read(facts, key))


def why_not(conditions: Iterable[Condition], context: Context, *, fixed_only: bool = False) -> str:
    """
    Return why the conditions do not hold, for staff: "The ticket’s priority is Low, not High." Empty if they hold.

    fixed_only   look only at what can never change, which needs no vendor
    Reads the ticket from the PSA if one of them asks about it: raises ports.errors.PortError.
    """
    facts = Facts(context)
    for condition in conditions:
        try:
            field = get_field(condition.field)
        except UnknownField:
            return f"Nothing is known of “{condition.field}”, which this step asks about."
        if fixed_only and not field.is_fixed:
            continue
        values = field.read(facts)
        if not _holds(condition, values):
            if facts.is_ticket_gone and condition.field.startswith("ticket."):
                return "The ticket is not in the PSA any more."
            return _say(condition, field, values)
    return ""


def describe(condition: Condition) -> str:
    """Return the condition as staff read it: "The ticket’s priority is one of High, Critical"."""
    try:
        field = get_field(condition.field)
    except UnknownField:
        return condition.field
    words = functools.reduce(_either, [_shown(field, value) for value in condition.values] or [""])
    if field.choices is _YES_NO:
        return pgettext("staff", "%(field)s: %(value)s") % {"field": field.label, "value": words}
    said = {"field": field.label, "operator": OPERATORS[condition.operator], "value": words}
    return (pgettext("staff", "%(field)s %(operator)s %(value)s") % said).strip()


def _either(one: str, other: str) -> str:
    return pgettext("staff", "%(one)s or %(other)s") % {"one": one, "other": other}


def _holds(condition: Condition, values: tuple[str, ...]) -> bool:
    has = [value.strip().casefold() for value in values]
    wanted = [value.strip().casefold() for value in condition.values]
    match condition.operator:
        case Operator.IS | Operator.ONE_OF:
            return any(value in wanted for value in has)
        case Operator.IS_NOT:
            return not any(value in wanted for value in has)
        case Operator.CONTAINS:
            return any(each in value for value in has for each in wanted)
        case Operator.IS_EMPTY:
            return not has
        case Operator.IS_FILLED:
            return bool(has)
        case Operator.AT_LEAST | Operator.AT_MOST:
            return _compares(condition.operator, has, wanted)


def _compares(operator: Operator, has: list[str], wanted: list[str]) -> bool:
    """Text that is no number is neither more nor less than one."""
    try:
        limit, numbers = float(wanted[0]), [float(value.replace(",", ".")) for value in has]
    except (ValueError, IndexError):
        return False
    return any(number >= limit if operator == Operator.AT_LEAST else number <= limit for number in numbers)


def _say(condition: Condition, field: ConditionField, values: tuple[str, ...]) -> str:
    """Why it does not hold, in plain words: that is stored."""
    with plain_words():
        return _say_plainly(condition, field, values)


def _say_plainly(condition: Condition, field: ConditionField, values: tuple[str, ...]) -> str:
    if condition.field == "request.invited":
        return (
            "The client was given a link, not an invitation."
            if condition.values == ("yes",)
            else "The client was sent an invitation."
        )
    actual = ", ".join(_shown(field, value) for value in values) or "empty"
    wanted = " or ".join(_shown(field, value) for value in condition.values)
    match condition.operator:
        case Operator.IS | Operator.ONE_OF:
            return f"{field.label} is {actual}, not {wanted}."
        case Operator.CONTAINS:
            return f"{field.label} is {actual}, which does not contain {wanted}."
        case Operator.AT_LEAST | Operator.AT_MOST:
            return f"{field.label} is {actual}, not {str(OPERATORS[condition.operator]).removeprefix('is ')} {wanted}."
    return f"{field.label} is {actual}."


def _shown(field: ConditionField, value: str) -> str:
    return str(dict(field.choices).get(value, value))
