"""Edge cases E: who could take a slot, in teams and panels. 15 June 2027 is a Tuesday."""

from __future__ import annotations

from slotdesk.availability.slots import Resource, list_slots, list_starts
from slotdesk.availability.tests.questions import (
    LONDON,
    NEW_YORK,
    WORKDAYS,
    agent,
    ask,
    at,
    busy,
    labels,
    team,
    terms,
)

JUNE_15 = ("2027-06-15", "2027-06-16")
HOURLY = terms(60, 60)


class TestATeam:
    def test_e1_offers_only_what_one_person_has_as_a_whole(self) -> None:
        ann, ben = agent("ann", "10:00-10:15"), agent("ben", "10:15-10:30")

        assert labels(ask(team(ann, ben), *JUNE_15, asked=terms(30, 15))) == []

    def test_e3_of_nobody_offers_nothing(self) -> None:
        assert labels(ask(team(), *JUNE_15)) == []

    def test_e15_in_several_zones_merges_instants(self) -> None:
        london = agent("london", "09:00-10:00", zone=LONDON)
        new_york = agent("new york", "04:00-05:00", zone=NEW_YORK)

        slots = list_slots(ask(team(london, new_york), *JUNE_15, asked=HOURLY))

        assert [(slot.start, slot.agent_ids) for slot in slots] == [(at("2027-06-15 08:00"), ("london", "new york"))]

    def test_b16_loses_the_agent_who_was_deactivated_between_two_questions(self) -> None:
        ann, ben = agent("ann", "09:00-10:00"), agent("ben", "10:00-11:00")
        assert labels(ask(team(ann, ben), *JUNE_15, asked=HOURLY)) == ["15 09:00", "15 10:00"]

        assert labels(ask(team(ann), *JUNE_15, asked=HOURLY)) == ["15 09:00"]

    def test_notices_that_one_of_its_agents_has_changed(self) -> None:
        ann, ben = agent("ann", "09:00-10:00"), agent("ben", "09:00-10:00")
        list_slots(ask(team(ann, ben), *JUNE_15, asked=HOURLY))

        changed = agent("ben", "09:00-10:00", busy=[busy("2027-06-15 09:30", "2027-06-15 09:40")])

        slots = list_slots(ask(team(ann, changed), *JUNE_15, asked=HOURLY))
        assert [slot.agent_ids for slot in slots] == [("ann",)]


class TestAPanel:
    def test_e2_of_two_zones_has_the_hours_they_share(self) -> None:
        panel = [
            agent("london", "09:00-17:00", zone=LONDON, days=WORKDAYS),
            agent("new york", "09:00-17:00", zone=NEW_YORK, days=WORKDAYS),
        ]

        def shared(day: str) -> list[str]:
            found = labels(ask(panel, f"{day} 00:00", f"{day} 23:59", zone=LONDON, asked=HOURLY))
            return [label[3:] for label in found]

        assert shared("2027-03-12") == ["14:00", "15:00", "16:00"]
        assert shared("2027-03-19") == ["13:00", "14:00", "15:00", "16:00"]
        assert shared("2027-03-29") == ["14:00", "15:00", "16:00"]

    def test_e3_of_nobody_offers_nothing(self) -> None:
        assert labels(ask([], *JUNE_15)) == []

    def test_e3_with_a_team_of_nobody_offers_nothing(self) -> None:
        assert labels(ask([agent("ann", "09:00-17:00"), team()], *JUNE_15)) == []

    def test_e5_of_a_person_and_their_team_needs_two_people(self) -> None:
        ann, ben = agent("ann", "09:00-11:00"), agent("ben", "10:00-12:00")

        slots = list_slots(ask([ann, team(ann, ben)], *JUNE_15, asked=HOURLY))

        assert [(slot.start, slot.agent_ids) for slot in slots] == [(at("2027-06-15 10:00"), ("ann", "ben"))]

    def test_e5_of_the_same_person_twice_offers_nothing(self) -> None:
        ann = agent("ann", "09:00-11:00")

        assert labels(ask([ann, ann], *JUNE_15)) == []

    def test_e6_of_overlapping_teams_finds_distinct_people_wherever_there_are_some(self) -> None:
        ann, ben = agent("ann", "09:00-10:00"), agent("ben", "09:00-10:00")

        # Whoever lets the first team take ann, or the second, must still find the other one.
        assert labels(ask([team(ann), team(ann, ben)], *JUNE_15, asked=HOURLY)) == ["15 09:00"]
        assert labels(ask([team(ann, ben), team(ann)], *JUNE_15, asked=HOURLY)) == ["15 09:00"]
        assert labels(ask([team(ann, ben), team(ann, ben), team(ann, ben)], *JUNE_15, asked=HOURLY)) == []

    def test_e7_of_many_works(self) -> None:
        for count in (5, 20, 200):
            crowd = [agent(f"agent {n}", "09:00-10:00") for n in range(count)]
            everyone = team(*crowd)

            assert labels(ask(crowd, *JUNE_15, asked=HOURLY)) == ["15 09:00"]
            assert labels(ask([everyone] * count, *JUNE_15, asked=HOURLY)) == ["15 09:00"]
            assert labels(ask([everyone] * (count + 1), *JUNE_15, asked=HOURLY)) == []

    def test_may_mix_agents_and_teams(self) -> None:
        ann, ben, cem = (agent(name, "09:00-10:00") for name in ("ann", "ben", "cem"))
        busy_ben = agent("ben", "09:00-10:00", busy=[busy("2027-06-15 09:00", "2027-06-15 10:00")])

        assert list_starts(ask([ann, Resource((ben, cem), is_team=True)], *JUNE_15, asked=HOURLY))
        assert list_slots(ask([ann, team(busy_ben, cem)], *JUNE_15, asked=HOURLY))[0].agent_ids == ("ann", "cem")
