"""What a client has opened: what can be booked, with whom, and where its pages are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse

from slotdesk.domain.booking.asked import Asked, list_asked, named_in, who_may_take_moved
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.booking.times import Times, list_times_of
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.models import Account
from slotdesk.web.public.forms import AnswersForm


@dataclass(frozen=True, slots=True)
class Addresses:
    """
    Of the page of times, the part of it that changes, where a picked time leads, and where the form is sent.

    opening   where one asks to be told when a time opens; empty = nobody is told
    """

    choose: str
    times: str
    details: str
    book: str
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One opened link.

    asked      the request; a draft, written down nowhere, where the link makes one when a time is booked
    resources  whom it asks, with those who can be booked now
    moving     the appointment that is to have another time; its own counts as free
    carried    what the link's address says besides, such as a campaign: it goes along from page to page
    form_class what is asked before booking
    is_lately  times may be of a few seconds ago, as for crowds; not once one was lost, which would be offered again
    """

    asked: SchedulingRequest
    resources: tuple[Asked, ...]
    addresses: Addresses
    moving: Appointment | None = None
    carried: Mapping[str, str] = field(default_factory=dict)
    form_class: type[AnswersForm] = AnswersForm
    is_lately: bool = False

    @property
    def account(self) -> Account:
        return self.asked.account

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.asked.terms["duration_minutes"])

    def facts_of(self, starts_at: datetime, *, zone: str) -> dict[str, str]:
        """What websites around a frame are told of a picked time. zone: the client's."""
        return {
            "type": self.asked.external_name,
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + self.duration).isoformat(),
            "zone": zone,
        }

    def people(self) -> list[Agent | Team]:
        """Who takes the appointment that is to be moved, else the people and teams that are asked for a new one."""
        return [*agents_of(self.moving)] if self.moving else named_in(self.resources)

    def list_times(self, *, starts_at: datetime, ends_at: datetime, client_zone: str, now: datetime) -> Times:
        """The times that can be offered in the period (UTC)."""
        return list_times_of(
            self.asked,
            self.resources,
            starts_at=starts_at,
            ends_at=ends_at,
            client_zone=client_zone,
            now=now,
            without=self.moving,
            is_lately=self.is_lately,
        )


def visit_of(asked: SchedulingRequest) -> Visit:
    """A client's own link to a request."""
    pages = ("choose_time", "times", "details", "appointment", "opening")
    addresses = Addresses(*(reverse(f"public:{page}", args=[asked.token]) for page in pages))
    return Visit(asked, tuple(list_asked(asked)), addresses)


def visit_to_move(asked: SchedulingRequest, appointment: Appointment) -> Visit:
    """The same, to give its appointment another time."""
    pages = ("reschedule", "reschedule_times", "reschedule", "reschedule")
    addresses = Addresses(*(reverse(f"public:{page}", args=[asked.token]) for page in pages))
    holders = {agent.pk for agent in agents_of(appointment)}
    resources = who_may_take_moved(asked, list_asked(asked), holders)
    return Visit(asked, tuple(resources), addresses, moving=appointment)
