"""How every staff page is rendered: with the member's clock at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from slotdesk.domain.messages.words import say_time, say_zone
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.actor import Actor
from slotdesk.domain.tenants.models import Language, Membership


@dataclass(frozen=True, slots=True)
class Clock:
    """
    How a member reads times.

    zone      IANA: their own as an agent, else the account's
    country   decides between "2:30 PM" and "14:30"
    language  of dates, a tenants.models.Language
    today     the date on that clock
    """

    zone: str
    country: str
    today: date
    language: str = Language.ENGLISH

    def day(self, moment: datetime) -> str:
        """
        Return "Today", "Tomorrow", "Tue 24 Nov", with the year when it is another one.

        In another language than English always the date, in that language's order: "mar. 24 nov.".
        """
        local = moment.astimezone(ZoneInfo(self.zone)).date()
        if self.language != Language.ENGLISH:
            skeleton = "MMMEd" if local.year == self.today.year else "yMMMEd"
            return str(format_skeleton(skeleton, local, locale=Locale.parse(self.language, sep="-")))
        words = {
            timedelta(0): gettext("Today"),
            timedelta(days=1): gettext("Tomorrow"),
            timedelta(days=-1): gettext("Yesterday"),
        }
        if local - self.today in words:
            return words[local - self.today]
        year = "" if local.year == self.today.year else f" {local.year}"
        return f"{local:%a} {local.day} {local:%b}{year}"

    def time(self, moment: datetime) -> str:
        return say_time(moment, zone=self.zone, country=self.country)

    def letters(self, moment: datetime) -> str:
        """The zone as people write it at that moment: "CET", "UTC+05:45"."""
        return say_zone(moment, zone=self.zone)


def clock_of(member: Membership, *, now: datetime) -> Clock:
    agent = Agent.objects.filter(membership=member).only("zone").first()
    zone = (agent and agent.zone) or member.account.zone  # a person's own may not be known
    today, language = now.astimezone(ZoneInfo(zone)).date(), member.user.language
    return Clock(zone=zone, country=member.account.country, today=today, language=language)


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, now: datetime, status: int = 200
) -> HttpResponse:
    """Render at once, while the account is active; `now` is the moment that the page speaks of."""
    member: Membership = request.member  # type: ignore[attr-defined]
    return render(request, template, {"clock": clock_of(member, now=now), "now": now} | context, status=status)


def actor_of(request: HttpRequest) -> Actor:
    """Who does it, and from where, for the audit log."""
    member = request.member  # type: ignore[attr-defined]
    return Actor(str(member.user), address=request.META.get("REMOTE_ADDR", ""), member_id=member.public_id)
