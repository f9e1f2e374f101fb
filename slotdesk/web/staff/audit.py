"""The audit log: who did what to what, when, from where, before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from slotdesk.domain.events.models import Event
from slotdesk.domain.events.queries import AuditFilter, get_event, list_events, walk_events
from slotdesk.domain.tenants.models import Account, Membership
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.tenants.scope import active
from slotdesk.lib.spreadsheet import BEGIN, csv_lines
from slotdesk.web.access import staff
from slotdesk.web.staff.audit_form import AuditForm
from slotdesk.web.staff.audit_names import Subject, name_subjects, say_kind
from slotdesk.web.staff.pages import clock_of, render_page

_PAGE = 50
MOST_ROWS = 50_000
_COLUMNS = ("when (UTC)", "who", "from", "event", "subject", "name", "changes", "details")


@require_GET
@staff(Permission.AUDIT_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    """Pages are turned by the last event's id, so that new ones do not move what is being read."""
    now, form = timezone.now(), _form(request)
    before = request.GET.get("before", "")
    events: list[Event] = []
    if form.is_valid():
        events = list_events(form.wanted(), before=_number(before), limit=_PAGE + 1)
    shown = events[:_PAGE]
    kept = request.GET.copy()
    kept.pop("before", None)
    context = {
        "form": form,
        "rows": _rows(shown),
        "query": kept.urlencode(),
        "next": shown[-1].pk if len(events) > _PAGE else None,
        "is_first": not before,
        "is_narrowed": bool(form.errors) or form.is_narrowed,
        "most_rows": MOST_ROWS,
    }
    return render_page(request, "staff/audit/list.html", context, now=now, status=422 if form.errors else 200)


@require_GET
@staff(Permission.AUDIT_VIEW)
def show(request: HttpRequest, event_id: int) -> HttpResponse:
    try:
        event = get_event(event_id)
    except Event.DoesNotExist:
        raise Http404 from None
    member = Membership.objects.select_related("user").filter(public_id=event.member_id).first()
    context = {
        "row": _rows([event])[0],
        "who": member,
        "changes": [(_field(field), *map(_say, pair)) for field, pair in event.changes.items()],
        "details": [(_field(field), _say(value)) for field, value in event.data.items()],
    }
    return render_page(request, "staff/audit/show.html", context, now=timezone.now())


@require_GET
@staff(Permission.AUDIT_VIEW)  # type: ignore[arg-type]  # a streamed answer is no HttpResponse to Django
def download(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same selection as CSV, streamed, newest first, at most MOST_ROWS."""
    form = _form(request)
    if not form.is_valid():
        return list_all(request)  # with the field that is wrong
    lines = _csv(request.member.account, form.wanted())  # type: ignore[attr-defined]
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-log-{timezone.now():%Y-%m-%d}.csv"'},
    )


def _csv(account: Account, wanted: AuditFilter) -> Iterator[str]:
    yield BEGIN + csv_lines([_COLUMNS])
    pages = walk_events(wanted, most=MOST_ROWS)
    while True:
        with active(account):  # this runs while the answer is sent, when the view's own scope is over
            events = next(pages, None)
            if events is None:
                return
            lines = csv_lines(map(_csv_row, _rows(events)))
        yield lines


def _csv_row(row: dict[str, Any]) -> Sequence[object]:
    event, subject = row["event"], row["subject"]
    return (
        f"{event.created_at:%Y-%m-%d %H:%M:%S}",
        event.actor or "Slotdesk",
        event.address,
        event.kind,
        event.subject,
        subject.name,
        json.dumps(event.changes, ensure_ascii=False) if event.changes else "",
        json.dumps(event.data, ensure_ascii=False) if event.data else "",
    )


def _rows(events: Sequence[Event]) -> list[dict[str, Any]]:
    names = name_subjects({event.subject for event in events})
    return [
        {
            "event": event,
            "words": say_kind(event.kind),
            "fields": [_field(field) for field in event.changes],
            "subject": names.get(event.subject, Subject("", "")),
        }
        for event in events
    ]


def _form(request: HttpRequest) -> AuditForm:
    clock = clock_of(request.member, now=timezone.now())  # type: ignore[attr-defined]
    return AuditForm(request.GET, zone=clock.zone)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _field(key: str) -> str:
    """A field as it is stored, in words; keys are the same in every language, as in the download."""
    return key.removesuffix("_id").replace("_", " ")


def _say(value: Any) -> str:
    """A value of an event, as a person reads it."""
    match value:
        case None | "" | [] | {}:
            return "–"
        case bool():
            return gettext("yes") if value else gettext("no")
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(item, str | int) for item in value):
            return ", ".join(map(str, value))
        case _:
            return json.dumps(value, ensure_ascii=False)
