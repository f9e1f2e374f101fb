"""The requests that the list shows, as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import list_requests, with_booked_time
from slotdesk.domain.events.plain_words import in_plain_words
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.attention import mark_attention
from slotdesk.lib.spreadsheet import BEGIN, csv_lines
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import clock_of
from slotdesk.web.staff.request_filter import RequestFilter

MOST_ROWS = 50_000
_PAGE = 500
_COLUMNS = (
    "request",
    "created (UTC)",
    "status",
    "origin",
    "campaign",
    "appointment type",
    "with",
    "client",
    "e-mail",
    "phone",
    "company",
    "ticket",
    "summary",
    "booked for (UTC)",
    "created by",
)


@require_GET
@staff(Permission.REQUESTS_EXPORT)  # type: ignore[arg-type]  # a streamed answer is no HttpResponse to Django
def download(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What the list shows with the same filters, streamed, newest first, at most MOST_ROWS."""
    now, member = timezone.now(), request.member  # type: ignore[attr-defined]
    agent = Agent.objects.filter(membership=member).first()
    shown = mark_attention(with_booked_time(list_requests(member)), now=now)
    narrowed = RequestFilter(request.GET, queryset=shown, zone=clock_of(member, now=now).zone, agent=agent)
    return StreamingHttpResponse(
        _csv(member.account, narrowed.qs.order_by("-id")),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="requests-{now:%Y-%m-%d}.csv"'},
    )


def _csv(account: Account, found: QuerySet[SchedulingRequest]) -> Iterator[str]:
    yield BEGIN + csv_lines([_COLUMNS])
    before, left = None, MOST_ROWS
    while left > 0:
        with active(account):  # this runs while the answer is sent, when the view's own scope is over
            page = list((found if before is None else found.filter(pk__lt=before))[: min(_PAGE, left)])
            lines = csv_lines(map(_row, page))
        if not page:
            return
        yield lines
        before, left = page[-1].pk, left - len(page)


def _row(found: SchedulingRequest) -> tuple[object, ...]:
    return (
        found.public_id,
        _moment(found.created_at),
        in_plain_words(SchedulingRequest.Status(found.status).label),
        found.origin,
        "; ".join(f"{name}={value}" for name, value in found.campaign.items()),
        found.internal_name,
        ", ".join(item.name for item in found.resources.all()),
        found.client_name,
        found.client_email,
        found.client_phone,
        found.company_name,
        found.ticket_number,
        found.ticket_summary,
        _moment(getattr(found, "booked_for", None)),
        found.created_by,
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
