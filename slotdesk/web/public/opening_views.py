"""
Waiting for a time to open: the question by a request's own link, and the page of whoever waits.

csrf_exempt has the reason that it has in views.py: the link is the whole authority.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import OPEN
from slotdesk.domain.booking.times import is_past
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.opening_ends import find_link_of
from slotdesk.domain.links.opening_mail import booking_link
from slotdesk.domain.links.openings import ask_by_request, stop_alerts
from slotdesk.lib.masking import mask_email
from slotdesk.web.access import by_alert_link, by_request_link
from slotdesk.web.public import asking, pages
from slotdesk.web.public.outcomes import ASK
from slotdesk.web.public.times import epoch_of, say_start
from slotdesk.web.public.visit import visit_of

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
Ending = OpeningAlert.Ending
_OVER = gettext_lazy("What you waited for is no longer offered, so there is nothing more to be told.")
# Why nobody waits any more: title, text.
_ENDED: dict[str, tuple[str | Promise, str | Promise]] = {
    Ending.TOLD: (
        gettext_lazy("We have told you"),
        gettext_lazy("A time opened, and we wrote to you. If it is gone when you come, you can ask to be told again."),
    ),
    Ending.BOOKED: (gettext_lazy("You have a time"), gettext_lazy("So there is nothing to wait for any more.")),
    Ending.CLOSED: (gettext_lazy("This is over"), _OVER),
    Ending.OFF: (gettext_lazy("This is over"), _OVER),
    Ending.EXPIRED: (
        gettext_lazy("Nothing opened in time"),
        gettext_lazy("We have stopped looking. You can ask to be told again."),
    ),
    Ending.STOPPED: (
        gettext_lazy("We tell you no more"),
        gettext_lazy("You get no more e‑mails about times that open, unless you ask for it again."),
    ),
    Ending.REMOVED: (
        gettext_lazy("We tell you no more"),
        gettext_lazy("We have stopped looking. You can ask to be told again."),
    ),
    Ending.REFUSED: (
        gettext_lazy("We could not reach you"),
        gettext_lazy("Your mail server refused our e‑mail, so we have stopped looking. Please try another address."),
    ),
}

_MAY_ASK_AGAIN = (Ending.TOLD, Ending.EXPIRED, Ending.STOPPED, Ending.REFUSED, Ending.REMOVED)


@csrf_exempt
@by_request_link
@_GET_OR_POST
def opening(request: HttpRequest, asked: SchedulingRequest) -> HttpResponse:
    """Asking to be told when a time opens."""
    visit = visit_of(asked)
    if asked.status not in OPEN or is_past(asked, now=timezone.now()):
        return HttpResponseRedirect(visit.addresses.choose, status=HTTPStatus.SEE_OTHER)
    return asking.answer(
        request, visit, lambda reader: ask_by_request(request=asked, reader=reader, now=timezone.now())
    )


@csrf_exempt
@by_alert_link
@_GET_OR_POST
def alert(request: HttpRequest, alert: OpeningAlert) -> HttpResponse:
    """GET: how it stands. POST: tell them no more, of nothing that this address waits for."""
    if request.method == "POST":
        stop_alerts(alert=alert, now=timezone.now())
        here = reverse("public:opening_alert", args=[alert.token])
        return HttpResponseRedirect(here, status=HTTPStatus.SEE_OTHER)
    link = None if alert.request else find_link_of(alert)
    may_look = alert.ending in _MAY_ASK_AGAIN
    title, text = _ENDED.get(alert.ending, (gettext_lazy("We will write to you"), ""))
    context = {
        "account": alert.account,
        "ask": None if alert.request else ASK,
        "title": title,
        "text": text,
        "waits": _what_they_wait_for(request, alert) if alert.ended_at is None else None,
        "url": booking_link(alert, link) if may_look else "",
    }
    return render(request, "public/opening_alert.html", context)


def _what_they_wait_for(request: HttpRequest, alert: OpeningAlert) -> dict[str, str]:
    clock = pages.clock_of(request, alert.account, zone=alert.zone)
    return {
        "email": mask_email(alert.email),
        "name": alert.request.external_name if alert.request else alert.appointment_type.client_name,
        "until": clock.long_day(clock.date_of(alert.waits_until)),
        "before": say_start(epoch_of(alert.before), clock) if alert.before else "",
    }
