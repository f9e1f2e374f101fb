"""Appointment types: the list, making and copying, their order, the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from slotdesk.domain.catalog.models import AppointmentType, Question, TypeResource
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from tests.support.factories import make_request, make_type
from tests.support.members import text_of

SignIn = Callable[[str], Client]
QUICK = {"internal_name": "Onsite visit", "duration": "90", "place": "onsite"}


def names() -> list[str]:
    return [each.internal_name for each in list_types()]


@pytest.fixture
def three(account: Account) -> list[AppointmentType]:
    return [make_type(account, internal_name=name, position=place) for place, name in enumerate("ABC")]


class TestCreate:
    def test_three_answers_make_a_type_and_lead_to_its_editor(self, account: Account, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post("/app/types/new/", QUICK)

        made = AppointmentType.objects.get()
        assert answer.headers["Location"] == f"/app/types/{made.public_id}/"
        assert (made.internal_name, made.duration, made.place) == ("Onsite visit", timedelta(minutes=90), "onsite")
        assert (made.slug, made.phone_rule, made.clients_may_change) == ("onsite-visit", "required", False)
        assert Event.objects.get(kind="appointment_type.created").changes["internal_name"] == [None, "Onsite visit"]

    def test_stands_behind_the_others_with_an_address_part_of_its_own(
        self, three: list[AppointmentType], sign_in: SignIn
    ) -> None:
        browser = sign_in("administrator")
        browser.post("/app/types/new/", QUICK)
        browser.post("/app/types/new/", QUICK)

        assert names() == ["A", "B", "C", "Onsite visit", "Onsite visit"]
        assert [each.slug for each in list_types()][3:] == ["onsite-visit", "onsite-visit-2"]

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"internal_name": " "}, "Internal name"),
            ({"internal_name": "x" * 10_000}, "at most 120 characters"),
            ({"duration": "0"}, "greater than or equal to 1"),
            ({"duration": "half an hour"}, "whole number"),
            ({"place": "moon"}, "not one of the available choices"),
        ],
    )
    def test_names_the_field_that_is_wrong(
        self, account: Account, sign_in: SignIn, changed: dict[str, str], words: str
    ) -> None:
        answer = sign_in("administrator").post("/app/types/new/", QUICK | changed)

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert not AppointmentType.objects.exists()


class TestCopy:
    def test_has_everything_of_the_original_and_stands_behind_it(
        self, three: list[AppointmentType], agent: Agent, sign_in: SignIn
    ) -> None:
        original = three[0]
        AppointmentType.objects.filter(pk=original.pk).update(labels={"name": "Who?"}, workflow={"branches": []})
        Question.objects.create(appointment_type=original, position=0, key="device", label="Device?")
        TypeResource.objects.create(appointment_type=original, agent=agent)

        sign_in("administrator").post(f"/app/types/{original.public_id}/copies/")

        copied = AppointmentType.objects.get(internal_name="A (copy)")
        assert names() == ["A", "A (copy)", "B", "C"]
        assert copied.public_id != original.public_id
        assert copied.slug not in ("", original.slug)
        assert (copied.labels, copied.workflow) == ({"name": "Who?"}, {"branches": []})
        assert [each.key for each in copied.questions.all()] == ["device"]
        assert [each.agent for each in copied.resources.all()] == [agent]
        assert original.questions.count() == 1


class TestOrder:
    @pytest.mark.parametrize(
        ("name", "to", "order"),
        [
            ("B", "up", ["B", "A", "C"]),
            ("B", "down", ["A", "C", "B"]),
            ("A", "up", ["A", "B", "C"]),
            ("C", "down", ["A", "B", "C"]),
            ("C", "0", ["C", "A", "B"]),
            ("A", "9999", ["B", "C", "A"]),
            ("A", "elsewhere", ["A", "B", "C"]),
        ],
    )
    def test_a_type_moves_to_another_place(
        self, three: list[AppointmentType], sign_in: SignIn, name: str, to: str, order: list[str]
    ) -> None:
        moved = next(each for each in three if each.internal_name == name)

        answer = sign_in("administrator").post(f"/app/types/{moved.public_id}/place/", {"to": to})

        assert answer.status_code == 302
        assert names() == order
        assert Event.objects.filter(kind="appointment_type.moved").exists() == (order != ["A", "B", "C"])

    def test_the_keyboard_stays_with_what_it_moves(self, three: list[AppointmentType], sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        page = browser.post(f"/app/types/{three[2].public_id}/place/", {"to": "up"}, headers={"HX-Request": "true"})

        text = text_of(page)
        assert 'aria-label="Move C up" autofocus' in text
        assert text.count("autofocus") == 1

    def test_an_archived_type_has_no_place(self, three: list[AppointmentType], sign_in: SignIn) -> None:
        AppointmentType.objects.filter(pk=three[0].pk).update(is_archived=True)

        answer = sign_in("administrator").post(f"/app/types/{three[0].public_id}/place/", {"to": "up"})

        assert answer.status_code == 404


class TestList:
    def test_finds_by_any_name_or_address_part(self, account: Account, sign_in: SignIn) -> None:
        make_type(account, internal_name="Tier 1 call", external_name="Phone call", slug="call")
        make_type(account, internal_name="Visit", slug="visit")
        browser = sign_in("administrator")

        for words, found in {"phone tier": "Tier 1 call", "VISIT": "Visit"}.items():
            page = text_of(browser.get("/app/types/", {"q": words})).partition("<main")[2]
            assert found in page
            assert ("Visit" in page) != ("Tier 1 call" in page)
        assert "Nothing found" in text_of(browser.get("/app/types/", {"q": "%_nobody"}))

    def test_many_come_page_by_page(self, account: Account, sign_in: SignIn) -> None:
        for number in range(60):
            make_type(account, internal_name=f"Type {number:02}", position=number)
        browser = sign_in("administrator")

        first, second = text_of(browser.get("/app/types/")), text_of(browser.get("/app/types/?page=2"))

        assert "Type 49" in first
        assert "Type 50" not in first
        assert "Type 50" in second
        assert "51–60 of 60" in second

    def test_names_that_look_like_markup_are_text(self, account: Account, sign_in: SignIn) -> None:
        make_type(account, internal_name="<b>bold</b>", external_name="שיחה")

        page = text_of(sign_in("administrator").get("/app/types/"))

        assert "<b>bold</b>" not in page
        assert "שיחה" in page


class TestArchive:
    def test_takes_a_type_out_of_use_and_back(self, half_hour: AppointmentType, sign_in: SignIn) -> None:
        browser, url = sign_in("administrator"), f"/app/types/{half_hour.public_id}/archive/"

        browser.post(url, {"is_archived": "yes"})

        assert half_hour.internal_name not in text_of(browser.get("/app/types/")).partition("<main")[2].replace(
            f"{half_hour.internal_name} is archived", ""
        )
        assert half_hour.internal_name in text_of(browser.get("/app/types/archived/"))
        browser.post(url, {"is_archived": "no"})
        assert half_hour.internal_name in text_of(browser.get("/app/types/"))
        assert [event.kind for event in Event.objects.order_by("id")] == [
            "appointment_type.archived",
            "appointment_type.restored",
        ]


class TestDelete:
    def test_takes_an_unused_type_out_for_good(self, half_hour: AppointmentType, sign_in: SignIn) -> None:
        browser, url = sign_in("administrator"), f"/app/types/{half_hour.public_id}/"
        assert "Delete for good" not in text_of(browser.get(url))
        browser.post(f"{url}archive/", {"is_archived": "yes"})
        assert "Delete for good" in text_of(browser.get(url))

        browser.post(f"{url}deletion/")

        assert not AppointmentType.objects.exists()
        assert Event.objects.latest("id").data == {"name": half_hour.internal_name}

    def test_keeps_a_type_that_requests_were_made_with(
        self, half_hour: AppointmentType, agent: Agent, sign_in: SignIn
    ) -> None:
        make_request(half_hour, [agent])
        AppointmentType.objects.update(is_archived=True)
        browser, url = sign_in("administrator"), f"/app/types/{half_hour.public_id}/"
        assert "Delete for good" not in text_of(browser.get(url))

        answer = browser.post(f"{url}deletion/", follow=True)

        assert "so it stays in the archive" in text_of(answer)
        assert AppointmentType.objects.get() == half_hour
        assert not Event.objects.filter(kind="appointment_type.deleted").exists()


class TestRoles:
    def test_a_dispatcher_looks_and_changes_nothing(self, three: list[AppointmentType], sign_in: SignIn) -> None:
        browser, url = sign_in("dispatcher"), f"/app/types/{three[0].public_id}/"

        assert "New type" not in text_of(browser.get("/app/types/"))
        assert "Move A" not in text_of(browser.get("/app/types/"))
        for path in ("copies/", "place/", "archive/", "deletion/"):
            assert browser.post(url + path, {"to": "down"}).status_code == 403
        assert browser.get("/app/types/new/").status_code == 403
        assert names() == ["A", "B", "C"]

    def test_a_user_sees_none_of_it(self, half_hour: AppointmentType, sign_in: SignIn) -> None:
        assert sign_in("user").get("/app/types/").status_code == 403
