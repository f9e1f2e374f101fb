"""What a client would see of a type as the form stands. Nothing is stored, and nothing needs a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from slotdesk.availability.terms import BadTerms
from slotdesk.domain.booking.calendar_file import say_place
from slotdesk.domain.booking.meeting import meeting_url_of
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.catalog.terms import FrozenTerms, freeze_terms
from slotdesk.domain.messages.examples import examples_for
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.messages.queries import find_template
from slotdesk.domain.messages.templates import Message, render
from slotdesk.domain.people.models import Agent
from slotdesk.domain.profile.queries import brand_of_mail, get_profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.workflows.template_values import list_variables
from slotdesk.web.access import staff
from slotdesk.web.middleware import allow_framing
from slotdesk.web.public.forms import AnswersForm
from slotdesk.web.public.pages import clock_of, summary_context, when_context
from slotdesk.web.staff.as_clients import as_clients_read
from slotdesk.web.staff.pages import render_page
from slotdesk.web.staff.type_editing import Editor
from slotdesk.web.staff.types import access_type

_CLIENT = {"name": "Ana Ruiz", "email": "ana@client.example", "phone": "+1 202-555-0144"}
_ANSWERS: dict[str, str | Promise] = {
    "checkbox": gettext_lazy("Yes"),
    "number": "3",
    "phone": _CLIENT["phone"],
    "paragraph": gettext_lazy("It began yesterday."),
}
_AHEAD = timedelta(days=2)
_SALT = "appointment type's e-mail"
_DRAFT_AGE = timedelta(hours=1)
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; sandbox; frame-ancestors 'self'"
)


@require_POST
@staff(Permission.TYPES_VIEW)
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The frame with the page or e-mail that `preview_view` names, and what is worth a second look, for the editor."""
    found, now = access_type(public_id), timezone.now()
    can_edit = may(request.member.role, Permission.TYPES_EDIT)  # type: ignore[attr-defined]
    editor = Editor(found, request.POST if can_edit else None)
    if can_edit:
        editor.is_valid()  # what is wrong is left as it is stored
    view = request.POST.get("preview_view", "")
    context: dict[str, Any] = {"advice": [(editor.section_of(each.field), each.text) for each in editor.advice()]}
    try:
        asked = _request(editor)
    except BadTerms as error:
        context["problem"] = gettext("Nothing to show yet: %(error)s") % {"error": error}
    else:
        kind = Kind(view) if view in list(Kind) else None
        with as_clients_read(asked.account, kind):
            context |= _mail(editor, asked, kind) if kind else _page(request, editor, asked, view)
    return render_page(request, "staff/types/_preview.html", context, now=now)


def _request(editor: Editor) -> SchedulingRequest:
    """A request that is not stored, as one would be made from the type. Raises BadTerms."""
    kind, questions = editor.type, editor.asked()
    for number, question in enumerate(questions):
        question.key = f"{number}"  # new ones have none yet
    return SchedulingRequest(
        account=kind.account,
        token="preview",  # noqa: S106 — opens nothing
        status=SchedulingRequest.Status.SENT,
        internal_name=kind.internal_name,
        external_name=kind.client_name,
        description=kind.description,
        place=kind.place,
        phone_rule=kind.phone_rule,
        is_silent=kind.is_silent,
        terms=freeze_terms(kind, questions=questions),
        client_name=_CLIENT["name"],
        client_email=_CLIENT["email"],
        client_phone=_CLIENT["phone"] if kind.phone_rule != kind.PhoneRule.OFF else "",
        ticket_number="48213",
        ticket_summary=gettext("The printer on floor 2"),
    )


def _agents(editor: Editor) -> list[Agent]:
    """Whose name the preview shows: the first of those who may be asked, with a room of their own."""
    named = next((each for each in editor.resources() if isinstance(each, Agent)), None)
    return [Agent(name=named.name if named else "Jordan Doe", meeting_url="https://meet.example/jordan-doe")]


def _page(request: HttpRequest, editor: Editor, asked: SchedulingRequest, view: str) -> dict[str, Any]:
    clock, agents = clock_of(request, asked.account, zone=None), _agents(editor)
    starts_at = timezone.now().replace(minute=0, second=0, microsecond=0) + _AHEAD
    ends_at = starts_at + editor.type.duration
    context = summary_context(asked, agents) | when_context(starts_at, ends_at, clock) | {"clock": clock}
    context["is_preview"] = True
    if view == "booked":
        context |= {
            "appointment": Appointment(
                starts_at=starts_at,
                ends_at=ends_at,
                note=gettext("It is the one by the window.") if editor.type.asks_note else "",
                answers=_sample_answers(asked),
                meeting_url=meeting_url_of(asked, agents),
            ),
            "answers": _sample_answers(asked),
            "guests": ["bo@client.example"] if editor.type.asks_guests else [],
            "may_change": editor.type.clients_may_change,
            "changes_until": gettext("the notice for changes begins") if editor.type.clients_may_change else "",
        }
        return {
            "page": render_to_string("public/appointment.html", context, request),
            "title": gettext("After booking"),
        }
    form = AnswersForm(initial={"name": asked.client_name, "phone": asked.client_phone}, request=asked)
    context |= {"form": form, "start": int(starts_at.timestamp()), "day": clock.date_of(starts_at)}
    return {"page": render_to_string("public/details.html", context, request), "title": gettext("Booking form")}


def _sample_answers(asked: SchedulingRequest) -> list[dict[str, str]]:
    questions = FrozenTerms.model_validate(asked.terms).questions
    return [
        {
            "key": each.key,
            "label": each.label,
            "value": each.options[0] if each.options else str(_ANSWERS.get(each.kind, gettext("Their answer"))),
        }
        for each in questions
    ]


def _mail(editor: Editor, asked: SchedulingRequest, kind: Kind) -> dict[str, Any]:
    """
    An e-mail of the type, as an address of its own: e-mails are styled in their tags, which no page of ours allows.

    What the type says of it travels in the address, signed, so that nobody can make our page show what they like.
    """
    about, appointment_type, agents = ABOUT[kind], editor.type, _agents(editor)
    if about.reader == "client" and appointment_type.is_silent and kind != Kind.OPENING:
        return {"problem": gettext("The client is sent no e-mail.")}
    meeting_url = meeting_url_of(asked, agents)
    draft: dict[str, Any] = {
        "kind": kind.value,
        "own": _own_template(appointment_type, kind),
        "client": {"phone": asked.client_phone},
        "appointment_type": {
            "name": asked.external_name,
            "internal_name": asked.internal_name,
            "duration_minutes": asked.terms["duration_minutes"],
        },
        "appointment": {
            "scheduled_member_name": agents[0].name,
            "place": say_place(asked, agents[0].name, meeting_url),
            "meeting_url": meeting_url,
            "answers": _sample_answers(asked),
        },
    }
    if not appointment_type.clients_may_change:
        draft["appointment"] |= {"reschedule_url": "", "cancel_url": ""}
    mail = _compose(appointment_type.account, draft)
    signed = signing.dumps(draft, salt=_SALT, compress=True)
    address = reverse("staff:type-mail", args=[appointment_type.public_id])
    return {
        "source": f"{address}?{urlencode({'draft': signed})}",
        "title": about.label,
        "mail_subject": mail.subject,
        "remark": mail.remark,
    }


@require_GET
@staff(Permission.TYPES_VIEW)
def show_mail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The e-mail of a draft that `show` has signed, for its frame."""
    found = access_type(public_id)
    try:
        draft = signing.loads(request.GET.get("draft", ""), salt=_SALT, max_age=_DRAFT_AGE)
    except signing.BadSignature:
        return HttpResponse(
            gettext("This preview is too old. Change something in the form, and it is made anew."), status=422
        )
    with as_clients_read(found.account, Kind(draft["kind"])):
        mail = _compose(found.account, draft)
    response = HttpResponse(mail.html, headers={"Content-Security-Policy": _MAIL_POLICY})
    return allow_framing(response, ("'self'",))


def _compose(account: Account, draft: dict[str, Any]) -> Message:
    """The draft's e-mail: its own template if one is chosen, with sample values where the type says nothing."""
    kind = Kind(draft["kind"])
    values = examples_for(account, kind, now=timezone.now(), variables=list_variables())
    for group in ("client", "appointment_type", "appointment"):
        values[group] |= draft[group]
    values["brand"] = brand_of_mail(account, get_profile(account), public_url=settings.PUBLIC_URL)
    return render(kind, values, find_template(draft["own"]) if draft["own"] else None)


def _own_template(appointment_type: Any, kind: Kind) -> str:
    """Reminders say theirs one by one; the first one's is shown."""
    lists = {
        Kind.REMINDER: appointment_type.reminders,
        Kind.APPOINTMENT_REMINDER: appointment_type.appointment_reminders,
    }
    if kind in lists:
        return str(next((each["template"] for each in lists[kind]), ""))
    return str(appointment_type.templates.get(kind.value, ""))
