"""Telling somebody that a time has opened: written once, sent until the mail server has taken it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, override

from slotdesk.domain.attributes.queries import template_values
from slotdesk.domain.booking.asked import Asked, named_in
from slotdesk.domain.booking.links import request_link
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.links.addresses import shareable_link, ticket_link
from slotdesk.domain.links.finding import Link
from slotdesk.domain.links.models import OpeningAlert
from slotdesk.domain.links.openings import end
from slotdesk.domain.links.signed import address_of
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Email
from slotdesk.domain.messages.operations import send_email, write_email
from slotdesk.domain.messages.queries import find_template
from slotdesk.domain.messages.templates import Message, render
from slotdesk.domain.messages.variables import empty_values
from slotdesk.domain.messages.words import country_read_in, say_moment
from slotdesk.domain.people.models import Team
from slotdesk.domain.profile.queries import brand_of_mail, get_profile
from slotdesk.ports import errors

# A worker that has not ended after this time is taken to have died.
_LEASE = timedelta(minutes=3)
_log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Ending = OpeningAlert.Ending


def key_of(alert: OpeningAlert) -> str:
    """What the e-mail is written under, so that there is one, however often somebody begins to tell."""
    return f"opening:{alert.pk}"


def tell(
    alert: OpeningAlert, link: Link | None, draft: SchedulingRequest, whom: Sequence[Asked], *, first: int, clock: Clock
) -> bool:
    """
    Write to whoever waits, and say whether this call did: another worker may be at it, or they want it no more.

    link    the public link that they came by; None = the request's own
    draft, whom   the request that is or would be booked, and whom it asks
    first   the earliest time that will do, in epoch seconds
    Raises ports.errors.Unreachable; then they wait on, and the same e-mail is sent another time.
    """
    if not _claim(alert, clock()):
        return False
    with override(alert.language):
        message = _compose(alert, _values(alert, link, draft, whom, first))
    email = write_email(
        account=alert.account,
        key=key_of(alert),
        subject_id=alert.request.public_id if alert.request else f"alert:{alert.pk}",
        kind=Kind.OPENING.value,
        to=[alert.email],
        message=message,
        calendar="",
        now=clock(),
    )
    return _send(alert, email, clock)


def tell_again(alert: OpeningAlert, email: Email, *, clock: Clock) -> bool:
    """
    Go on where a worker was killed, or the mail server was away: with the e-mail as it was written then.

    One that the mail server has taken is not sent again. As for the rest like `tell`.
    """
    return _claim(alert, clock()) and _send(alert, email, clock)


def _claim(alert: OpeningAlert, now: datetime) -> bool:
    """Whoever changes no row has lost the race, or whoever was to be told has taken it back."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    mine = OpeningAlert.objects.filter(free, pk=alert.pk, ended_at=None)
    return mine.update(claimed_until=now + _LEASE) == 1


def _send(alert: OpeningAlert, email: Email, clock: Clock) -> bool:
    ending = Ending.TOLD
    try:
        send_email(email, now=clock())
    except errors.Rejected:
        ending = Ending.REFUSED
    except errors.Unreachable:
        OpeningAlert.objects.filter(pk=alert.pk).update(claimed_until=None)
        raise
    with transaction.atomic(durable=True):
        end(alert, ending, clock())
    return ending == Ending.TOLD


def _compose(alert: OpeningAlert, values: dict[str, Any]) -> Message:
    """In the spoken language, or the account's own words where the type, as it is now, names a template of theirs."""
    wanted = alert.appointment_type.templates.get(Kind.OPENING.value, "")
    own = find_template(wanted) if wanted else None
    message = render(Kind.OPENING, values, own if own and own.kind == Kind.OPENING else None)
    if message.remark:
        _log.warning("opening_template_remark", template=wanted, remark=message.remark)
    return message


def _values(
    alert: OpeningAlert, link: Link | None, draft: SchedulingRequest, whom: Sequence[Asked], first: int
) -> dict[str, Any]:
    account, values = alert.account, empty_values()
    names = [each.client_name if isinstance(each, Team) else each.name for each in named_in(whom)]
    values["account"]["name"] = account.name
    values["brand"] = brand_of_mail(account, get_profile(account), public_url=settings.PUBLIC_URL)
    values["client"] |= {
        "name": draft.client_name,
        "email": alert.email,
        "phone": draft.client_phone,
        "company": draft.company_name,
    }
    values["appointment_type"] |= {
        "name": draft.spoken_name,
        "internal_name": draft.internal_name,
        "duration_minutes": draft.terms["duration_minutes"],
    }
    values["appointment"]["scheduled_member_name"] = ", ".join(names)
    values["ticket"] |= {"number": draft.ticket_number, "summary": draft.ticket_summary, "url": draft.ticket_url}
    if draft.ticket_number and not draft.ticket_summary:  # a link knows no more of it
        values["ticket"]["summary"] = gettext("Ticket")
    values["request"]["url"] = booking_link(alert, link)
    if alert.request is not None:
        values["request"]["attributes"] = template_values(alert.request)
    moment = datetime.fromtimestamp(first, UTC)
    values["opening"] |= {
        "first_time": say_moment(moment, zone=alert.zone, country=country_read_in(account)),
        "is_earlier": alert.before is not None,
        "stop_url": alert_link(alert),
    }
    return values


def booking_link(alert: OpeningAlert, link: Link | None) -> str:
    """Where they book: as they came, with what that said of them."""
    if alert.request is not None or link is None:
        return request_link(alert.request) if alert.request else ""
    parts = dict(alert.campaign) | {"zone": alert.zone}
    if alert.signed_link is not None:
        return f"{address_of(alert.signed_link, link)}&{urlencode(parts)}"
    where = link.account, link.resources, link.appointment_type
    address = ticket_link(*where, alert.ticket_number) if alert.ticket_number else shareable_link(*where)
    return f"{address}/?{urlencode({**parts, 'email': alert.email})}"


def alert_link(alert: OpeningAlert) -> str:
    """The page that says how the alert stands, and ends it."""
    return f"{settings.PUBLIC_URL}/schedule/opening/{alert.token}/"
