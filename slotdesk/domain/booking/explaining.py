"""Why a request is not offered a time, in words for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import npgettext, pgettext

from slotdesk.availability.explain import Finding, Reason, explain_slot
from slotdesk.domain.booking.asked import Asked, agents_in, list_asked, who_may_take_moved
from slotdesk.domain.booking.inputs import add_appointments, load_agents
from slotdesk.domain.booking.models import Appointment, SchedulingRequest
from slotdesk.domain.booking.queries import agents_of
from slotdesk.domain.booking.times import build_question, reach_of
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.domain.connections.registry import manifests
from slotdesk.domain.messages.words import say_moment, say_time


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: what stands in the way, and what would have to change."""

    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PersonExplained:
    name: str
    reasons: tuple[Why, ...]

    @property
    def can_take_it(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class TimeExplained:
    """
    reasons   against the time itself, whoever takes it
    people    everybody who was asked, in order
    """

    starts_at: datetime
    is_offered: bool
    reasons: tuple[Why, ...]
    people: tuple[PersonExplained, ...]


def explain_time(
    request: SchedulingRequest,
    *,
    starts_at: datetime,
    client_zone: str,
    now: datetime,
    without: Appointment | None = None,
) -> TimeExplained:
    """
    Say whether the request is offered this start (UTC) and if not, everything that stands in the way.

    client_zone   whose clock the round times are on; times in the text are on each person's own clock
    without       the appointment that is to be moved: its own time counts as free
    """
    asked = list_asked(request)
    if without is not None:
        asked = who_may_take_moved(request, asked, {agent.pk for agent in agents_of(without)})
    return explain_time_of(request, asked, starts_at=starts_at, client_zone=client_zone, now=now, without=without)


def explain_time_of(
    request: SchedulingRequest,
    asked: Sequence[Asked],
    *,
    starts_at: datetime,
    client_zone: str,
    now: datetime,
    without: Appointment | None = None,
) -> TimeExplained:
    """The same for resources that were read already; the request need not be written down."""
    terms = FrozenTerms.model_validate(request.terms).for_engine()
    ends_at = starts_at + terms.duration
    period = reach_of(terms, starts_at, ends_at)
    agents = load_agents(agents_in(asked), *period, now=now, with_details=True)
    question = build_question(
        request,
        asked=asked,
        starts_at=starts_at,
        ends_at=ends_at,
        client_zone=client_zone,
        now=now,
        agents=add_appointments(
            agents,
            *period,
            appointment_type_id=request.appointment_type_id,
            without=without,
            with_details=True,
        ),
    )
    explanation = explain_slot(question, int(starts_at.timestamp()))
    people = {agent.pk: agent for agent in agents_in(asked)}
    country = request.account.country
    return TimeExplained(
        starts_at=starts_at,
        is_offered=explanation.is_offered,
        reasons=_whys(explanation.findings, client_zone, country),
        people=tuple(
            PersonExplained(
                people[int(each.agent_id)].name, _whys(each.findings, people[int(each.agent_id)].zone, country)
            )
            for each in explanation.agents
        ),
    )


def _whys(findings: Sequence[Finding], zone: str, country: str) -> tuple[Why, ...]:
    return tuple(Why(_say(finding, zone, country), pgettext("staff", finding.remedy)) for finding in findings)


def _say(finding: Finding, zone: str, country: str) -> str:
    start = datetime.fromtimestamp(finding.start, UTC) if finding.start is not None else None
    end = datetime.fromtimestamp(finding.end, UTC) if finding.end is not None else None
    match finding.reason:
        case Reason.OFF_GRID:
            return pgettext("staff", "Appointments do not start at this minute.")
        case Reason.OUTSIDE:
            return pgettext("staff", "The time lies outside of the period that was looked at.")
        case Reason.LIMITS:
            return pgettext("staff", "This request is limited to other dates or times of day.")
        case Reason.NOT_ENOUGH_PEOPLE:
            return pgettext("staff", "There are not enough different people for everybody who is needed.")
        case Reason.UNKNOWN:
            return pgettext("staff", "A calendar could not be read, so nobody knows whether the time is free.")
        case Reason.NOTICE:
            if start is None:
                return pgettext("staff", "The minimum notice is not kept.")
            return pgettext("staff", "The minimum notice is not kept. The earliest is %(time)s.") % {
                "time": say_moment(start, zone=zone, country=country)
            }
        case Reason.WINDOW:
            if end is None:
                return pgettext("staff", "The time lies beyond the scheduling window.")
            return pgettext("staff", "The time lies beyond the scheduling window. It ends %(time)s.") % {
                "time": say_moment(end, zone=zone, country=country)
            }
        case Reason.HOURS:
            return pgettext("staff", "Outside of working hours.")
        case Reason.HOLIDAY:
            return _sentence(_titled(pgettext("staff", "Holiday"), finding))
        case Reason.TIME_OFF:
            return _sentence(_during(_titled(pgettext("staff", "Time off"), finding), finding, zone, country))
        case Reason.BUSY:
            what = _of_vendor(_titled(pgettext("staff", "Busy"), finding), finding)
            return _sentence(_during(what, finding, zone, country))
        case Reason.BUFFER:
            what = pgettext("staff", "Too close to another entry")
            if finding.title:
                what = pgettext("staff", "Too close to “%(title)s”") % {"title": finding.title}
            return pgettext("staff", "%(what)s: the buffer is not kept.") % {
                "what": _during(_of_vendor(what, finding), finding, zone, country)
            }
        case Reason.DAILY_MAXIMUM:
            return npgettext(
                "staff",
                "%(count)s appointment of this type on that day already, which is the maximum.",
                "%(count)s appointments of this type on that day already, which is the maximum.",
                finding.count,
            ) % {"count": finding.count}


def _titled(what: str, finding: Finding) -> str:
    if not finding.title:
        return what
    return pgettext("staff", "%(what)s “%(title)s”") % {"what": what, "title": finding.title}


def _of_vendor(what: str, finding: Finding) -> str:
    return pgettext("staff", "%(what)s (%(vendor)s)") % {"what": what, "vendor": _vendor(finding.source)}


def _during(what: str, finding: Finding, zone: str, country: str) -> str:
    if finding.start is None or finding.end is None:
        return what
    start, end = (datetime.fromtimestamp(each, UTC) for each in (finding.start, finding.end))
    return pgettext("staff", "%(what)s, %(begin)s to %(end)s") % {
        "what": what,
        "begin": say_moment(start, zone=zone, country=country),
        "end": say_time(end, zone=zone, country=country),
    }


def _sentence(what: str) -> str:
    return pgettext("staff", "%(what)s.") % {"what": what}


def _vendor(source: str) -> str:
    """Whose calendar it is, as people call it; appointments of ours are no vendor's."""
    manifest = manifests().get(source)
    return manifest.label if manifest else source
