"""Guests: who else is told of an appointment, named by the client or by staff."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import pgettext

from slotdesk.domain.booking.models import Guest, SchedulingRequest
from slotdesk.domain.booking.queries import lock_request
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent

MOST_GUESTS = 10
_BETWEEN = re.compile(r"[\s,;]+")


class TooManyGuests(Exception):
    """The request would have more guests than one appointment may; `most` says how many that is."""

    def __init__(self) -> None:
        super().__init__(
            pgettext("staff", "There can be at most %(most_guests)s guests.") % {"most_guests": MOST_GUESTS}
        )
        self.most = MOST_GUESTS


class NotAnAddress(Exception):
    """One of the guests is no e-mail address; `text` is what was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(pgettext("staff", "“%(text)s” is not an e-mail address.") % {"text": text})
        self.text = text


def read_addresses(text: str) -> list[str]:
    """Return the addresses typed with spaces, commas, semicolons or on lines of their own. Raises NotAnAddress."""
    addresses = [part.strip("<>") for part in _BETWEEN.split(text) if part.strip("<>")]
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError:
            raise NotAnAddress(address[:80]) from None
    return addresses


def add_guests(*, request: SchedulingRequest, emails: Iterable[str], actor: str, now: datetime) -> list[Guest]:
    """
    Add guests to an open or booked request, and return those who were not there yet.

    Of a booked one they are sent the details at once. Raises TooManyGuests, NotAnAddress, RequestClosed.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        is_due(locked.status, Act.CHANGE_GUESTS)
        before = _addresses(locked)
        added = put_guests(locked, emails, added_by=actor, now=now)
        if added:
            record(
                account=locked.account,
                kind="request.guests_added",
                subject=locked.public_id,
                actor=actor,
                now=now,
                data=_standing(locked) | {"guests": [guest.pk for guest in added]},
                changes={"guests": (before, _addresses(locked))},
            )
    return added


def remove_guest(*, request: SchedulingRequest, guest_id: int, actor: str, now: datetime) -> None:
    """
    Take a guest off an open or booked request; they hear nothing more. One who is gone already changes nothing.

    Raises RequestClosed.
    """
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        is_due(locked.status, Act.CHANGE_GUESTS)
        before = _addresses(locked)
        removed, _by_table = locked.guests.filter(pk=guest_id).delete()
        if removed:
            record(
                account=locked.account,
                kind="request.guest_removed",
                subject=locked.public_id,
                actor=actor,
                now=now,
                changes={"guests": (before, _addresses(locked))},
            )


def put_guests(request: SchedulingRequest, emails: Iterable[str], *, added_by: str, now: datetime) -> list[Guest]:
    """
    Add these in the caller's transaction, with the request locked or just made, and return those who are new.

    Nobody twice, whatever the case; the client and those who take the appointment are told anyway and are left out.
    Raises TooManyGuests, NotAnAddress.
    """
    emails = list(emails)
    if not emails:
        return []
    there = set(_addresses(request)) | _told_anyway(request)
    fresh = [email for email in dict.fromkeys(email.strip().lower() for email in emails) if email not in there]
    for email in fresh:
        if read_addresses(email) != [email]:
            raise NotAnAddress(email[:80])
    if request.guests.count() + len(fresh) > MOST_GUESTS:
        raise TooManyGuests
    return Guest.objects.bulk_create(
        Guest(request=request, email=email, added_by=added_by[:160], added_at=now) for email in fresh
    )


def _addresses(request: SchedulingRequest) -> list[str]:
    return list(request.guests.order_by("id").values_list("email", flat=True))


def _told_anyway(request: SchedulingRequest) -> set[str]:
    asked = Agent.objects.filter(requestresource__request=request)
    in_teams = Agent.objects.filter(team_places__team__requestresource__request=request)
    agents = {email.lower() for email in (asked | in_teams).values_list("email", flat=True)}
    return agents | {request.client_email.lower()} - {""}


def _standing(request: SchedulingRequest) -> dict[str, str]:
    """Which appointment the guests are to be told of, if there is one."""
    appointment = request.appointments.filter(cancellation=None).order_by("-id").first()
    return {"appointment": appointment.public_id} if appointment else {}
