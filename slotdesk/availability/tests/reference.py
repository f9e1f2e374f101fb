"""The rules of a slot once more, minute by minute and as plainly as can be: what the engine is held against."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from slotdesk.availability.question import Question
from slotdesk.availability.values import Agent, MinuteRange, OpeningHours, WeeklyRange

MINUTE = 60


def list_slots(question: Question) -> dict[int, list[int | str]]:
    """Each start with the agents who can take it. Knows notice in minutes, no window, and zones of whole minutes."""
    terms = question.terms
    duration = int(terms.duration.total_seconds())
    found = {}
    first = -(-question.window_start // MINUTE) * MINUTE
    for start in range(first, question.window_end - duration + 1, MINUTE):
        if not is_on_grid(start, question) or start < question.now or not is_in_limits(start, question):
            continue
        free = {agent.id: can_take(agent, start, question) for each in question.resources for agent in each.agents}
        options = [[agent.id for agent in each.agents if free[agent.id]] for each in question.resources]
        if options and can_be_distinct(options):
            found[start] = [agent_id for agent_id, can in free.items() if can]
    return found


def can_be_distinct(options: list[list[int | str]], taken: tuple[int | str, ...] = ()) -> bool:
    if not options:
        return True
    return any(can_be_distinct(options[1:], (*taken, each)) for each in options[0] if each not in taken)


@lru_cache(maxsize=100_000)
def wall(zone: str, instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def minute_of(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def is_on_grid(start: int, question: Question) -> bool:
    moment = wall(question.client_zone, start)
    increment = int(question.terms.increment.total_seconds()) // 60
    return moment.second == 0 and minute_of(moment) % increment == 0


def is_in_limits(start: int, question: Question) -> bool:
    limits = question.limits
    if limits is None:
        return True
    moment = wall(limits.zone, start)
    return (
        (limits.earliest_date is None or moment.date() >= limits.earliest_date)
        and (limits.latest_date is None or moment.date() <= limits.latest_date)
        and (limits.earliest_time is None or moment.time() >= limits.earliest_time)
        and (limits.latest_time is None or moment.time() <= limits.latest_time)
    )


def can_take(agent: Agent, start: int, question: Question) -> bool:
    terms = question.terms
    if not agent.is_readable or start < question.now + terms.notice.amount * MINUTE:
        return False
    end = start + int(terms.duration.total_seconds())
    before, after = int(terms.buffer_before.total_seconds()), int(terms.buffer_after.total_seconds())
    needs_open = (start - before, end + after) if terms.keeps_buffers_in_hours else (start, end)
    if any(busy.start < busy.end and busy.start < end + after and busy.end > start - before for busy in agent.busy):
        return False
    count = agent.daily_counts.get(wall(agent.zone, start).date(), 0)
    if terms.daily_maximum and count >= terms.daily_maximum:
        return False
    return all(is_open(agent, instant) for instant in range(*needs_open, MINUTE))


def is_open(agent: Agent, instant: int) -> bool:
    everybody: tuple[Agent | OpeningHours, ...] = (agent, *agent.within)
    return all(is_open_by(hours, instant) for hours in everybody)


def is_open_by(hours: Agent | OpeningHours, instant: int) -> bool:
    moment = wall(hours.zone, instant)
    if any(leave.start <= moment < leave.end for leave in hours.time_off):
        return False
    today, eve = moment.date(), moment.date() - timedelta(days=1)
    minute = minute_of(moment)
    for start, end in ranges_of(hours, today):
        if start <= minute < (end if end > start else 1440):
            return True
    runs_on = today not in hours.overrides and today not in hours.holidays
    return runs_on and any(end <= start and minute < end for start, end in ranges_of(hours, eve))


def ranges_of(hours: Agent | OpeningHours, day: date) -> list[MinuteRange]:
    if day in hours.overrides:
        return list(hours.overrides[day])
    if day in hours.holidays:
        return []
    weekly: tuple[WeeklyRange, ...] = hours.hours
    for later in hours.later_hours:
        if later.first_date <= day:
            weekly = later.hours
    return [(each.start, each.end) for each in weekly if day.isoweekday() in each.days]
