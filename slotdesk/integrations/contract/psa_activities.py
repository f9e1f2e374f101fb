"""The PSA contract: activities, exactly once, whatever breaks in between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from slotdesk.availability.values import BusyKind
from slotdesk.integrations.contract.psa_world import ELEVEN, NINE, TEN, Fault, World
from slotdesk.ports.errors import Unreachable


class ActivityContract:
    @staticmethod
    def wanted(world: World, **changed: Any) -> dict[str, Any]:
        psa = world.open()
        company = psa.ensure_company(uid="activities", name="Activities Ltd")
        contact = psa.ensure_contact(name="Kim Lee", email="kim@activities.example", company_id=company.id)
        asked: dict[str, Any] = {
            "known_id": "",
            "member_id": world.member_id,
            "starts_at": NINE,
            "ends_at": TEN,
            "title": "Review call with Kim Lee",
            "notes": "From the client: hello",
            "company_id": company.id,
            "contact_id": contact.id,
        }
        return asked | changed

    @staticmethod
    def seen(world: World, contact_id: str) -> list[tuple[str, str, datetime, datetime]]:
        return list(world.activities_of(contact_id))

    def test_makes_an_activity_that_takes_the_members_time(self, world: World) -> None:
        psa = world.open()
        asked = self.wanted(world, type_id=psa.list_activity_types()[-1].id)

        made = psa.ensure_activity(uid="a1", **asked)

        assert (made, world.member_id, NINE, TEN) in self.seen(world, asked["contact_id"])
        taken = psa.list_entries(world.member_id, NINE, TEN)
        assert any((each.starts_at, each.ends_at, each.kind) == (NINE, TEN, BusyKind.BUSY) for each in taken)
        psa.remove_activity(made)

    @pytest.mark.parametrize("link", ["contact_id", "company_id", "member_id"])
    def test_makes_it_once_for_each_uid_whatever_it_hangs_on(self, world: World, link: str) -> None:
        psa, asked = world.open(), self.wanted(world)
        if link != "contact_id":
            asked["contact_id"] = ""
        if link == "member_id":
            asked["company_id"] = ""
        uid = f"a2-{link}"

        first, again = psa.ensure_activity(uid=uid, **asked), psa.ensure_activity(uid=uid, **asked)
        known = psa.ensure_activity(uid=uid, **(asked | {"known_id": first}))

        assert first == again == known
        psa.remove_activity(first)

    def test_finds_it_again_though_it_was_moved_after_the_answer_was_lost(self, world: World) -> None:
        psa, asked = world.open(), self.wanted(world)
        with world.failing(Fault.LOST_ANSWER, method="POST", of="activities"), pytest.raises(Unreachable):
            psa.ensure_activity(uid="a3", **asked)

        moved = psa.ensure_activity(uid="a3", **(asked | {"starts_at": TEN, "ends_at": ELEVEN}))

        assert self.seen(world, asked["contact_id"]) == [(moved, world.member_id, TEN, ELEVEN)]
        psa.remove_activity(moved)

    def test_gives_it_to_another_member(self, world: World) -> None:
        psa, asked = world.open(), self.wanted(world)
        first = psa.ensure_activity(uid="a4", **asked)

        handed = psa.ensure_activity(uid="a4", **(asked | {"known_id": first, "member_id": world.other_member_id}))

        assert self.seen(world, asked["contact_id"]) == [(handed, world.other_member_id, NINE, TEN)]
        psa.remove_activity(handed)

    def test_leaves_somebody_elses_activity_alone(self, world: World) -> None:
        psa, asked = world.open(), self.wanted(world)
        theirs = psa.ensure_activity(uid="a5", **asked)

        ours = psa.ensure_activity(uid="a6", **(asked | {"known_id": theirs, "starts_at": TEN, "ends_at": ELEVEN}))

        assert ours != theirs
        assert (theirs, world.member_id, NINE, TEN) in self.seen(world, asked["contact_id"])
        for made in (theirs, ours):
            psa.remove_activity(made)

    def test_removes_it_and_is_content_when_it_is_gone(self, world: World) -> None:
        psa, asked = world.open(), self.wanted(world)
        made = psa.ensure_activity(uid="a7", **asked)

        psa.remove_activity(made)
        psa.remove_activity(made)

        assert self.seen(world, asked["contact_id"]) == []
        assert all(entry.title != asked["title"] for entry in psa.list_entries(world.member_id, NINE, TEN))
