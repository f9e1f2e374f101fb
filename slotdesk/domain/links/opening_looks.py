"""
Looking whether a time has opened for those who wait for one.

    claim_due_openings   the sweep: what is due, as one job for all who wait for the same
    look_for_opening     the job: asks the engine once, and tells as many as there are times, in the order of asking
    wake_openings        an appointment went or moved: whoever waits for its people is looked at now

Whoever is not told because others were before them is looked at again with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from procrastinate.contrib.django import app

from slotdesk.domain.booking.asked import Asked, asked_of, is_bookable, list_asked
from slotdesk.domain.booking.models import Reservation, SchedulingRequest
from slotdesk.domain.booking.times import LOOKS_AHEAD, list_times_of
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.booking import draft_of
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.opening_ends import find_link_of, last_bookings, why_over
from slotdesk.domain.links.opening_mail import Clock, key_of, tell, tell_again
from slotdesk.domain.links.openings import end, wait_of, waiting
from slotdesk.domain.messages.models import Email
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports import errors

LOOK = "look_for_opening"
# Alerts that one sweep looks at, and people who are told of one thing at once.
MOST_AT_ONCE, MOST_TOLD = 100, 100
# Whatever else is to be done goes first.
_LOW = -10
# Whoever is looked at by then anyway is not woken.
_SOON = timedelta(seconds=20)
_GIVES_TIME_BACK = ("appointment.cancelled", "appointment.rescheduled", "appointment.reassigned")


def claim_due_openings(*, now: datetime, limit: int = MOST_AT_ONCE) -> int:
    """
    Defer a job for each thing that somebody waits for and that is due, the longest due first; return how many.

    All who wait for it are looked at together, and again after a while, so that a job which is lost with its worker is
    not lost for good. Two sweeps at once take different rows.
    """
    with all_accounts(), transaction.atomic(durable=True):  # the sweep looks for what is due, whosever it is
        open_ones = OpeningAlert.objects.filter(ended_at=None)
        due = open_ones.filter(check_at__lte=now).order_by("check_at", "pk")
        taken = due.select_for_update(skip_locked=True, no_key=True).values_list("about", flat=True)[:limit]
        abouts = list(dict.fromkeys(taken))
        newest = dict(open_ones.filter(about__in=abouts).values_list("about").annotate(Max("asked_at")))
        for about in abouts:
            check_at = now + wait_of(newest[about], now)
            theirs = open_ones.filter(about=about).order_by("pk").select_for_update(skip_locked=True, no_key=True)
            OpeningAlert.objects.filter(pk__in=[each.pk for each in theirs]).update(check_at=check_at)
            app.configure_task(LOOK, queue="openings", lock=f"{LOOK}:{about}", priority=_LOW).defer(
                about=about, check_at=check_at.isoformat()
            )
    return len(abouts)


def look_for_opening(*, about: str, check_at: datetime, clock: Clock) -> None:
    """
    Tell those who wait for this, if it has opened, and end what need not wait any more.

    check_at   as the sweep has set it: a job that others have overtaken finds nobody with it
    With the mail server away they wait on.
    """
    with all_accounts():  # a job knows alerts by what they are about; what follows looks at their own account only
        first = OpeningAlert.objects.select_related("account").filter(about=about, ended_at=None).first()
    if first is None:
        return
    with active(first.account):
        alerts = waiting(first.account, about=about, check_at=check_at)
        alerts = alerts.select_related(
            "account", "appointment_type", "signed_link", "request__account", "request__appointment_type"
        )
        _look(list(alerts[:MOST_TOLD]), clock)


def _look(alerts: Sequence[OpeningAlert], clock: Clock) -> None:
    if not alerts:
        return
    now = clock()
    link = find_link_of(alerts[0]) if alerts[0].request is None else None
    booked = last_bookings(alerts) if link else {}
    emails = Email.objects.filter(account=alerts[0].account, key__in=[key_of(each) for each in alerts])
    written = {email.key: email for email in emails}
    left = []
    try:
        for alert in alerts:
            email = written.get(key_of(alert))
            ending = why_over(alert, link=link, booked=booked, now=now)
            if ending is not None and not (email and email.sent_at):
                with transaction.atomic(durable=True):
                    end(alert, ending, now)
            elif email is not None:
                tell_again(alert, email, clock=clock)
            else:
                left.append(alert)
        if left:
            _tell_those_who_wait(left, link, clock, now)
    except errors.Unreachable:
        return  # the sweep comes again


def _tell_those_who_wait(alerts: Sequence[OpeningAlert], link: Link | None, clock: Clock, now: datetime) -> None:
    """As many as there are times. Raises Unreachable."""
    draft, whom = _asked_by(alerts[0], link, now)
    if not whom:
        return
    zone = alerts[0].zone
    times = list_times_of(draft, whom, starts_at=now, ends_at=now + LOOKS_AHEAD, client_zone=zone, now=now)
    told = 0
    for alert in alerts:
        until = alert.before.timestamp() if alert.before else None
        theirs = [slot.start for slot in times.slots if until is None or slot.start < until]
        if len(theirs) > told:
            told += tell(alert, link, draft, whom, first=theirs[0], clock=clock)


def _asked_by(alert: OpeningAlert, link: Link | None, now: datetime) -> tuple[SchedulingRequest, list[Asked]]:
    """What is asked of the engine, and of whom: of nobody, where somebody cannot be booked for now."""
    if alert.request is not None:
        return alert.request, list_asked(alert.request)
    if link is None or not all(is_bookable(each) for each in link.resources if isinstance(each, Agent)):
        return SchedulingRequest(), []
    origin = SchedulingRequest.Origin.URL if alert.ticket_number else SchedulingRequest.Origin.SHAREABLE
    draft = draft_of(link, origin=origin, now=now)
    draft.ticket_number = alert.ticket_number
    return draft, asked_of(link.resources)


def wake_openings(*, event_id: int, now: datetime) -> None:
    """Look at once at those who wait for the people whose time this event may have given back; any event may come."""
    with all_accounts():  # an event is found by its id alone; what follows looks at its own account only
        event = Event.objects.select_related("account").filter(pk=event_id, kind__in=_GIVES_TIME_BACK).first()
    if event is None:
        return
    with active(event.account):
        held = Reservation.objects.filter(appointment__request__public_id=event.subject)
        agents = Agent.objects.filter(pk__in=held.values("agent"))
        teams = Team.objects.filter(members__agent__in=agents)
        by_request = Q(request__resources__agent__in=agents) | Q(request__resources__team__in=teams)
        public_ids = [*agents.values_list("public_id", flat=True), *teams.values_list("public_id", flat=True)]
        rows = OpeningAlert.objects.filter(by_request | Q(resources__overlap=public_ids), ended_at=None)
        woken = list(rows.filter(check_at__gt=now + _SOON).values_list("pk", flat=True).distinct())
        OpeningAlert.objects.filter(pk__in=woken, ended_at=None).update(check_at=now)
