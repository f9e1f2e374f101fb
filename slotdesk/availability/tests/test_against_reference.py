from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slotdesk.availability.business_time import NEVER, start_limit
from slotdesk.availability.explain import explain_slot
from slotdesk.availability.slots import Question, Resource, agents_of, list_slots, list_starts, next_slot
from slotdesk.availability.terms import Limits, Span, Terms, Unit
from slotdesk.availability.tests import reference
from slotdesk.availability.tests.questions import in_columns
from slotdesk.availability.values import (
    Agent,
    Busy,
    HoursFrom,
    MinuteRange,
    OpeningHours,
    TimeOff,
    WeeklyRange,
)

ZONES = [
    "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo",
    "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca", "Australia/Sydney",
]  # fmt: skip
# Days on which some of these clocks change, and one on which none does.
ANCHORS = [date(2027, 3, 14), date(2027, 3, 28), date(2027, 4, 4), date(2027, 4, 30), date(2027, 10, 31),
           date(2027, 11, 7), date(2027, 2, 7), date(2027, 6, 16)]  # fmt: skip

# A busy machine proves nothing.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

zones = st.sampled_from(ZONES)
quarters = st.integers(0, 95).map(lambda n: n * 15)
odd_minutes = st.integers(0, 1439)


@st.composite
def minute_ranges(draw: st.DrawFn) -> MinuteRange:
    start = draw(quarters | odd_minutes)
    end = draw((quarters | odd_minutes | st.just(1440)).filter(lambda minute: minute != start))
    return start, end


weekly_ranges = st.builds(
    lambda days, each: WeeklyRange(frozenset(days), *each), st.sets(st.integers(1, 7), min_size=1), minute_ranges()
)


@st.composite
def workloads(draw: st.DrawFn) -> Question:
    anchor = draw(st.sampled_from(ANCHORS))
    noon = int(datetime(anchor.year, anchor.month, anchor.day, 12, tzinfo=UTC).timestamp())
    near = st.dates(anchor - timedelta(days=2), anchor + timedelta(days=2))
    instants = st.integers(noon - 2 * 86_400, noon + 2 * 86_400)
    moments = st.builds(lambda day, minute: datetime.combine(day, time(minute // 60, minute % 60)), near, odd_minutes)

    weeks = st.lists(weekly_ranges, max_size=3).map(tuple)
    special = {
        "zone": zones,
        "hours": weeks,
        "overrides": st.dictionaries(near, st.lists(minute_ranges(), max_size=2).map(tuple), max_size=3),
        "holidays": st.dictionaries(near, st.just("Holiday"), max_size=1),
        "time_off": st.lists(st.builds(TimeOff, moments, moments, st.just("Leave")), max_size=1),
        "later_hours": st.lists(st.builds(HoursFrom, near, weeks), max_size=1).map(tuple),
    }
    lengths = st.integers(-600, 7_200) | st.just(0)
    entries = st.builds(lambda start, length: Busy(start, start + length), instants, lengths)
    agents = draw(
        st.lists(
            st.builds(
                Agent,
                id=st.integers(1, 99),
                **special,
                busy=st.lists(entries, max_size=6) | st.lists(entries, max_size=6).map(in_columns),
                is_readable=st.sampled_from([True, True, True, False]),
                daily_counts=st.dictionaries(near, st.integers(0, 3), max_size=2),
                within=st.lists(st.builds(OpeningHours, **special), max_size=1).map(tuple),
            ),
            max_size=4,
            unique_by=lambda agent: agent.id,
        )
    )
    minutes = st.integers(0, 60).map(lambda n: timedelta(minutes=n))
    terms = draw(
        st.builds(
            Terms,
            duration=st.sampled_from([1, 20, 30, 45, 150]).map(lambda n: timedelta(minutes=n)),
            increment=st.sampled_from([7, 15, 30, 45, 60, 1440]).map(lambda n: timedelta(minutes=n)),
            buffer_before=minutes,
            buffer_after=minutes,
            notice=st.integers(0, 600).map(lambda n: Span(n, Unit.MINUTES)),
            daily_maximum=st.integers(0, 2),
            keeps_buffers_in_hours=st.booleans(),
        )
    )
    maybe_dates, maybe_times = st.none() | near, st.none() | st.times().map(lambda each: each.replace(microsecond=0))
    start = draw(instants)
    return Question(
        now=draw(instants),
        window_start=start,
        window_end=start + draw(st.integers(0, 30 * 3_600)),
        client_zone=draw(zones),
        terms=terms,
        resources=draw(resources_of(agents)),
        limits=draw(st.none() | st.builds(Limits, zones, maybe_dates, maybe_dates, maybe_times, maybe_times)),
    )


def resources_of(agents: list[Agent]) -> st.SearchStrategy[tuple[Resource, ...]]:
    teams = st.lists(st.sampled_from(agents), unique_by=lambda agent: agent.id) if agents else st.just([])
    any_team = teams.map(lambda members: Resource(tuple(members), is_team=True))
    if not agents:
        return st.lists(any_team, max_size=2).map(tuple)
    anybody = st.sampled_from(agents).map(lambda agent: Resource((agent,)))
    whole_team = st.just((Resource(tuple(agents), is_team=True),))
    return whole_team | st.lists(anybody | any_team, max_size=3).map(tuple)


class TestListSlots:
    @settings(UNHURRIED, max_examples=200)
    @given(workloads())
    def test_finds_what_the_reference_finds(self, question: Question) -> None:
        expected = reference.list_slots(question)

        slots = list_slots(question)

        assert {slot.start: list(slot.agent_ids) for slot in slots} == expected
        assert [slot.start for slot in slots] == sorted(expected) == list_starts(question)

    @settings(UNHURRIED, max_examples=40)
    @given(workloads(), workloads())
    def test_remembers_nothing_wrong(self, first: Question, second: Question) -> None:
        list_slots(first)

        again = replace(second, resources=first.resources)

        assert {slot.start: list(slot.agent_ids) for slot in list_slots(again)} == reference.list_slots(again)


class TestNextSlot:
    @settings(UNHURRIED, max_examples=40)
    @given(workloads())
    def test_is_the_first_of_the_listing(self, question: Question) -> None:
        assert next_slot(question) == next(iter(list_slots(question)), None)


spans = st.builds(Span, st.integers(0, 40), st.sampled_from(Unit))


class TestExplainSlot:
    @settings(UNHURRIED, max_examples=150)
    @given(workloads(), spans, spans, st.data())
    def test_never_disagrees_with_the_listing(
        self, question: Question, notice: Span, window: Span, data: st.DataObject
    ) -> None:
        question = replace(question, terms=replace(question.terms, notice=notice, window=window))
        listed = {slot.start: slot.agent_ids for slot in list_slots(question)}
        anywhere = st.integers(question.window_start - 3_600, question.window_end + 3_600)
        on_the_quarter = anywhere.map(lambda instant: instant // 900 * 900)
        starts_at = data.draw(anywhere | on_the_quarter | st.sampled_from(sorted(listed) or [question.window_start]))

        explanation = explain_slot(question, starts_at)

        assert explanation.is_offered == (starts_at in listed)
        assert explanation.agent_ids == listed.get(starts_at, ())

    @settings(UNHURRIED, max_examples=150)
    @given(workloads(), spans, spans, st.data())
    def test_has_something_against_an_agent_exactly_when_the_listing_leaves_them_out(
        self, question: Question, notice: Span, window: Span, data: st.DataObject
    ) -> None:
        terms = replace(question.terms, notice=notice, window=window, increment=timedelta(minutes=15))
        everybody = Resource(tuple(agents_of(question)), is_team=True)
        question = replace(question, terms=terms, resources=(everybody,), limits=None)
        listed = {slot.start: slot.agent_ids for slot in list_slots(question)}
        quarter = st.integers(question.window_start // 900, question.window_end // 900).map(lambda n: n * 900)
        limits = [start_limit(agent, window, question.now) for agent in everybody.agents]
        starts_at = data.draw(quarter | st.sampled_from([each for each in limits if each < NEVER] or [question.now]))

        explanation = explain_slot(question, starts_at)

        if not explanation.findings:
            can_take = tuple(each.agent_id for each in explanation.agents if each.can_take)
            assert can_take == listed.get(starts_at, ())
        else:
            assert not explanation.is_offered
