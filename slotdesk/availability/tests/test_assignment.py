"""Edge cases E8 to E14: who takes it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotdesk.availability.assignment import NobodyFree, Standing, choose_agents
from slotdesk.availability.question import Resource, Rule
from slotdesk.availability.tests.questions import agent, team
from slotdesk.availability.turns import Member, Turn, count_turns

ANN, BEN, CEM = (agent(name) for name in ("ann", "ben", "cem"))


def round_robin(*names: str) -> Resource:
    return team(*(agent(name) for name in names), rule=Rule.ROUND_ROBIN)


def book(members: list[Member], turns: list[Turn], count: int, start: int = 0) -> list[Turn]:
    """`turns` and `count` more, each given by the rule to one of the members, all of whom are free."""
    turns = list(turns)
    names = [str(member.agent_id) for member in members]
    for at in range(start, start + count):
        counted = count_turns(members, turns)
        last = {turn.agent_id: turn.booked_at for turn in turns}
        standings = {
            each.agent_id: Standing(
                turns=counted[each.agent_id], weight=each.weight, last_booked_at=last.get(each.agent_id)
            )
            for each in members
        }
        (chosen,) = choose_agents([round_robin(*names)], names, standings)
        turns.append(Turn(at, chosen))
    return turns


def counts(turns: list[Turn], since: int = 0) -> dict[str, int]:
    found: dict[str, int] = {}
    for turn in turns:
        if turn.booked_at >= since:
            found[str(turn.agent_id)] = found.get(str(turn.agent_id), 0) + 1
    return found


class TestMaximumAvailability:
    def test_takes_whoever_has_the_fewest_upcoming(self) -> None:
        standings = {"ann": Standing(upcoming=3), "ben": Standing(upcoming=1), "cem": Standing(upcoming=2)}

        assert choose_agents([team(ANN, BEN, CEM)], ["ann", "ben", "cem"], standings) == ("ben",)
        assert choose_agents([team(ANN, BEN, CEM)], ["ann", "cem"], standings) == ("cem",)

    def test_then_whoever_was_booked_longest_ago_then_the_lowest_id(self) -> None:
        never, long_ago, lately = Standing(), Standing(last_booked_at=100), Standing(last_booked_at=200)

        free = ["ann", "ben", "cem"]
        assert choose_agents([team(ANN, BEN, CEM)], free, {"ann": lately, "ben": long_ago, "cem": never}) == ("cem",)
        assert choose_agents([team(ANN, BEN, CEM)], free, {"ann": lately, "ben": long_ago, "cem": lately}) == ("ben",)
        assert choose_agents([team(CEM, BEN, ANN)], free, {}) == ("ann",)

    def test_raises_when_nobody_is_free(self) -> None:
        with pytest.raises(NobodyFree):
            choose_agents([team(ANN, BEN)], [], {})


class TestRoundRobin:
    def test_e8_spreads_a_hundred_bookings_evenly_and_always_alike(self) -> None:
        members = [Member("ann"), Member("ben"), Member("cem")]

        turns = book(members, [], 100)

        assert sorted(counts(turns).values()) == [33, 33, 34]
        assert turns == book(members, [], 100)

    def test_e9_keeps_weights_of_two_to_one_at_every_prefix(self) -> None:
        turns = book([Member("ann", weight=2), Member("ben")], [], 60)

        for length in range(1, 61):
            assert abs(counts(turns[:length]).get("ann", 0) - Fraction(2 * length, 3)) < 1

    @settings(deadline=None, max_examples=50)
    @given(st.lists(st.integers(1, 7), min_size=1, max_size=5))
    def test_e9_keeps_any_weights_within_one_of_the_share(self, weights: list[int]) -> None:
        members = [Member(f"agent {n}", weight=weight) for n, weight in enumerate(weights)]

        turns = book(members, [], 30)

        for length in range(1, 31):
            so_far = counts(turns[:length])
            for member in members:
                share = Fraction(member.weight * length, sum(weights))
                assert abs(so_far.get(str(member.agent_id), 0) - share) < 1

    def test_e10_does_not_flood_a_newcomer(self) -> None:
        old = [Member("ann"), Member("ben"), Member("cem"), Member("dan")]
        turns = book(old, [], 500)

        after = book([*old, Member("eve", away=((0, 500),))], turns, 50, start=500)

        assert counts(after, since=500) == {"ann": 10, "ben": 10, "cem": 10, "dan": 10, "eve": 10}

    def test_e10_does_not_flood_two_newcomers_of_the_same_day(self) -> None:
        turns = book([Member("ann"), Member("ben")], [], 100)
        newcomers = [Member("eve", away=((0, 100),)), Member("fay", away=((0, 100),))]

        after = book([Member("ann"), Member("ben"), *newcomers], turns, 40, start=100)

        assert set(counts(after, since=100).values()) == {10}

    def test_e10_does_not_flood_a_member_who_comes_back(self) -> None:
        turns = book([Member("ann"), Member("ben"), Member("cem")], [], 30)
        turns = book([Member("ann"), Member("ben")], turns, 20, start=30)

        after = book([Member("ann"), Member("ben"), Member("cem", away=((30, 50),))], turns, 30, start=50)

        assert counts(after, since=50) == {"ann": 10, "ben": 10, "cem": 10}

    def test_e12_gives_a_cancelled_turn_back_and_charges_a_reassigned_one_to_its_present_agent(self) -> None:
        turns = [Turn(1, "ann"), Turn(2, "ben"), Turn(3, "ann")]
        members = [Member("ann"), Member("ben")]

        assert count_turns(members, turns) == {"ann": 2, "ben": 1}
        assert count_turns(members, turns[:2]) == {"ann": 1, "ben": 1}
        assert count_turns(members, [*turns[:2], Turn(3, "ben")]) == {"ann": 1, "ben": 2}

    def test_leaves_out_the_turns_of_former_members(self) -> None:
        assert count_turns([Member("ann")], [Turn(1, "gone"), Turn(2, "ann")]) == {"ann": 1}

    def test_chooses_among_the_free_when_it_is_nobodys_turn_who_is(self) -> None:
        standings = {"ann": Standing(turns=9), "ben": Standing(turns=1), "cem": Standing(turns=8)}

        assert choose_agents([round_robin("ann", "ben", "cem")], ["ann", "cem"], standings) == ("cem",)


class TestAPanel:
    def test_takes_distinct_people_and_leaves_nobody_without_one(self) -> None:
        # ann would be the first team's first choice, but the second has nobody else.
        standings = {"ben": Standing(upcoming=5)}

        assert choose_agents([team(ANN, BEN), team(ANN)], ["ann", "ben"], standings) == ("ben", "ann")

    def test_lets_the_first_resource_choose_first(self) -> None:
        standings = {"ann": Standing(upcoming=1), "ben": Standing(upcoming=2), "cem": Standing(upcoming=3)}

        free = ["ann", "ben", "cem"]
        assert choose_agents([team(ANN, BEN, CEM), team(ANN, BEN, CEM)], free, standings) == ("ann", "ben")

    def test_raises_when_people_do_not_suffice(self) -> None:
        with pytest.raises(NobodyFree):
            choose_agents([team(ANN, BEN), team(ANN, BEN)], ["ann"], {})


class TestAReschedule:
    def test_e14_keeps_the_agent_who_is_free(self) -> None:
        standings = {"ann": Standing(upcoming=9), "ben": Standing()}

        assert choose_agents([team(ANN, BEN)], ["ann", "ben"], standings, keep=["ann"]) == ("ann",)
        assert choose_agents([team(ANN, BEN)], ["ben"], standings, keep=["ann"]) == ("ben",)
        assert choose_agents([round_robin("ann", "ben")], ["ann", "ben"], standings, keep=["ann"]) == ("ann",)
