"""Visits by a signed link: what it stands for, and what is said where it books nothing now."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.links import signed as signed_links
from slotdesk.domain.links.addresses import SIGNED
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import SignedLink
from slotdesk.web.public import outcomes, pages
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.forms import BadAddress, read_zone, sent
from slotdesk.web.public.link_visit import carried_from
from slotdesk.web.public.outcomes import Outcome, Way

State = signed_links.State


def find_signed(request: HttpRequest, link: Link, *, ticket_number: str = "") -> SignedLink | None:
    """The signed link that the visitor holds; a signature that is none counts as none."""
    text = sent(request).get(SIGNED, "")
    return signed_links.find_signed(link, text, ticket_number=ticket_number) if text else None


def say_why_not(request: HttpRequest, signed: SignedLink, *, plain_url: str) -> HttpResponse | None:
    """The page that says why nothing can be booked by the link now; None where something can. plain_url: without it."""
    now = timezone.now()
    state = signed_links.state_of(signed, now=now)
    if state == State.OPEN:
        return None
    if state == State.REVOKED:
        return outcomes.say(request, _revoked(signed), account=signed.account)
    clock = _clock(request, signed)
    if state == State.EXPIRED:
        carried = urlencode(carried_from(request))
        outcome = _expired(signed, f"{plain_url}?{carried}" if carried else plain_url, clock)
    else:
        outcome = _early(signed, clock)
    guess = "" if sent(request).get("zone") else clock.zone
    return outcomes.say(request, replace(outcome, guess=guess), account=signed.account)


def _early(signed: SignedLink, clock: Clock) -> Outcome:
    opens_at = signed.opens_at or signed.made_at
    when = {
        "day": clock.full_day(clock.date_of(opens_at)),
        "time": clock.time(clock.local(int(opens_at.timestamp()))),
        "zone": clock.zone_label(opens_at),
    }
    return Outcome(
        icon="clock",
        title=gettext_lazy("It is too early to book here"),
        text=gettext("This link opens on %(day)s at %(time)s, %(zone)s. Please come back then: it stays the same.")
        % when,
        question=gettext_lazy("Can it not wait?"),
        # Not one of the two hundreds, and not for ever: who asks is understood, and refused for now.
        status=HTTPStatus.FORBIDDEN,
        retry_after=int((opens_at - timezone.now()).total_seconds()) + 1,
    )


def _expired(signed: SignedLink, plain_url: str, clock: Clock) -> Outcome:
    last = {"day": clock.full_day(clock.date_of(signed.last_day))}
    if signed.ticket_number:
        text = gettext(
            "It worked until %(day)s. You can still book a time: we then send a code to your e‑mail address first."
        )
    else:
        text = gettext("It worked until %(day)s. You can still book a time: we then ask you who you are.")
    return Outcome(
        icon="clock",
        title=gettext_lazy("This link has expired"),
        text=text % last,
        question=gettext_lazy("Would you rather talk to us?"),
        status=HTTPStatus.GONE,
        way=Way(gettext("Go on without it"), plain_url),
    )


def _revoked(signed: SignedLink) -> Outcome:
    return Outcome(
        icon="calendar",
        title=gettext_lazy("This link was taken back"),
        text=gettext("%(account)s has taken it back, so nothing can be booked by it any more.")
        % {"account": signed.account.name},
        question=gettext_lazy("Would you like to book all the same?"),
        status=HTTPStatus.GONE,
    )


def _clock(request: HttpRequest, signed: SignedLink) -> Clock:
    try:
        zone = read_zone(sent(request))
    except BadAddress:
        zone = None
    return pages.clock_of(request, signed.account, zone=zone)
