"""Slots as a textbook finds them: lists of intervals, an agent and a day at a time, in plain Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from slotdesk.availability.question import Question
from slotdesk.availability.values import Agent

Interval = tuple[int, int]


def list_slots(question: Question) -> dict[int, list[int | str]]:
    """Each start with the agents who can take it; knows what the workloads here need of the rules."""
    terms = question.terms
    duration, increment = int(terms.duration.total_seconds()), int(terms.increment.total_seconds())
    before, after = int(terms.buffer_before.total_seconds()), int(terms.buffer_after.total_seconds())
    earliest = max(question.window_start, question.now + terms.notice.amount * 60)
    found: dict[int, list[int | str]] = {}
    for agent in question.resources[0].agents:
        # An entry keeps the time before it free for the buffer after an appointment, and the other way round.
        blocked = merge([(entry.start - after, entry.end + before) for entry in agent.busy])
        for begins, ends in subtract(opening(agent, question), blocked):
            start = max(begins, earliest)
            # Whole quarters of an hour in all zones of the workloads are whole quarters in UTC.
            start += -start % increment
            while start + duration <= min(ends, question.window_end):
                found.setdefault(start, []).append(agent.id)
                start += increment
    return dict(sorted(found.items()))


def opening(agent: Agent, question: Question) -> list[Interval]:
    zone = ZoneInfo(agent.zone)
    day = datetime.fromtimestamp(question.window_start, UTC).astimezone(zone).date() - timedelta(days=1)
    last = datetime.fromtimestamp(question.window_end, UTC).astimezone(zone).date()
    found = []
    while day <= last:
        if day not in agent.holidays:
            for each in agent.hours:
                if day.isoweekday() in each.days:
                    begins = datetime(day.year, day.month, day.day, each.start // 60, each.start % 60, tzinfo=zone)
                    ends = datetime(day.year, day.month, day.day, each.end // 60, each.end % 60, tzinfo=zone)
                    found.append((int(begins.timestamp()), int(ends.timestamp())))
        day += timedelta(days=1)
    return merge(found)


def merge(intervals: list[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for begins, ends in sorted(intervals):
        if merged and begins <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], ends)
        else:
            merged.append((begins, ends))
    return merged


def subtract(opening: list[Interval], blocked: list[Interval]) -> list[Interval]:
    free = []
    first = 0
    for begins, ends in opening:
        while first < len(blocked) and blocked[first][1] <= begins:
            first += 1
        at, n = begins, first
        while n < len(blocked) and blocked[n][0] < ends:
            if blocked[n][0] > at:
                free.append((at, blocked[n][0]))
            at = max(at, blocked[n][1])
            n += 1
        if at < ends:
            free.append((at, ends))
    return free
