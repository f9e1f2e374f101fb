"""Phone numbers on the booking form: whose country the field begins with, and what counts as a number there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from slotdesk.web.public.tests.visiting import answers, booked
from slotdesk.web.public.zones import country_of_zone
from tests.support.factories import make_request, make_type

pytestmark = pytest.mark.django_db

START = answers()["start"]


def details(browser: Client, request: SchedulingRequest, language: str = "en-US", **values: str) -> str:
    address = f"/schedule/{request.token}/details/"
    page = browser.get(address, {"start": START} | values, headers={"Accept-Language": language})
    return str(page.content.decode())


def country_on(page: str) -> str:
    """The country that the field for the number shows."""
    (code,) = re.findall(r'<option value="([A-Z]{2})" selected>', page)
    return str(code)


def number_on(page: str) -> str:
    (number,) = re.findall(r'name="phone" type="tel"[^>]* value="([^"]*)"', page)
    return str(number)


def known_as(request: SchedulingRequest, phone: str) -> SchedulingRequest:
    """The request, to a contact whose number the PSA has like this."""
    with active(request.account):
        request.client_phone = phone
        request.save(update_fields=["client_phone"])
    return request


def book(browser: Client, request: SchedulingRequest, **changed: str) -> Any:
    return browser.post(f"/schedule/{request.token}/appointment/", answers(**changed))


class TestCountry:
    @pytest.mark.parametrize(
        ("zone", "language", "country"),
        [
            # Where the visitor is counts more than what they read.
            ("Europe/Berlin", "en-US", "DE"),
            ("America/New_York", "de-DE,de;q=0.9", "US"),
            ("Asia/Calcutta", "en-US", "IN"),
            # A zone of no country, and none that anybody named: without scripts.
            ("UTC", "de-DE,de;q=0.9,en-US;q=0.8", "DE"),
            ("", "de-DE,de;q=0.9,en-US;q=0.8", "DE"),
            ("", "zh-Hant-TW", "TW"),
            # A language without a country says nothing: many speak Spanish where the account is.
            ("", "es", "US"),
            ("", "de,en-GB;q=0.7", "US"),
            ("", "es-419", "US"),
            ("", "en-ZZ", "US"),
            ("", "", "US"),
        ],
    )
    def test_is_the_visitors_own_as_far_as_anything_tells_it(
        self, browser: Client, invited: SchedulingRequest, zone: str, language: str, country: str
    ) -> None:
        assert country_on(details(browser, invited, language, zone=zone)) == country

    def test_is_not_taken_from_a_zone_that_is_only_the_accounts(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        headers = {"Accept-Language": "de-DE"}
        times = browser.get(f"/schedule/{invited.token}/", headers=headers).content.decode()

        assert 'name="zone" value=""' in times
        assert 'name="zone" value="America/New_York"' not in times

    def test_that_was_chosen_stays_while_another_time_is_looked_for(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        said = answers(phone="020 7946 0018", country_phone="GB")

        again = browser.post(f"/schedule/{invited.token}/details/", said).content.decode()

        assert (country_on(again), number_on(again)) == ("GB", "020 7946 0018")

    @pytest.mark.parametrize(
        ("zone", "country"), [("Europe/Kiev", "UA"), ("US/Eastern", "US"), ("GB", "GB"), ("Etc/UTC", "")]
    )
    def test_of_a_zone_is_found_under_former_names(self, zone: str, country: str) -> None:
        assert country_of_zone(zone) == country


class TestTheContactsNumber:
    @pytest.mark.parametrize(
        ("stored", "shown", "country"),
        [
            # Staff wrote it as one dials it where the account is; the client sits elsewhere.
            ("2125550187", "+1 212-555-0187", "US"),
            ("(212) 555-0187 x12", "+1 212-555-0187 ext. 12", "US"),
            ("+442079460018", "+44 20 7946 0018", "GB"),
            # No number where the account is: as it was written, in the country that the client is in.
            ("030 1234567", "030 1234567", "DE"),
            ("ask for Ana", "ask for Ana", "DE"),
        ],
    )
    def test_is_filled_in_whole(
        self, browser: Client, invited: SchedulingRequest, stored: str, shown: str, country: str
    ) -> None:
        page = details(browser, known_as(invited, stored), zone="Europe/Berlin")

        assert (number_on(page), country_on(page)) == (shown, country)

    def test_is_booked_with_as_it_was_filled_in(self, browser: Client, invited: SchedulingRequest) -> None:
        page = details(browser, known_as(invited, "2125550187"), zone="Europe/Berlin")

        book(browser, invited, phone=number_on(page), country_phone=country_on(page))

        assert booked()[0].request.client_phone == "+1 212-555-0187"


class TestNumber:
    @pytest.mark.parametrize(
        ("typed", "country", "stored"),
        [
            ("030 1234567", "DE", "+49 30 1234567"),
            ("0049 30 1234567", "DE", "+49 30 1234567"),
            # Countries that share a code share their numbers.
            ("416 555 0123", "US", "+1 416-555-0123"),
            # A range that the library does not know yet: with its code it is believed.
            ("+1 555-010-0123", "DE", "+1 555-010-0123"),
            ("+49 30 1234567", "US", "+49 30 1234567"),
        ],
    )
    def test_is_stored_as_it_can_be_dialled_anywhere(
        self, browser: Client, invited: SchedulingRequest, typed: str, country: str, stored: str
    ) -> None:
        assert book(browser, invited, phone=typed, country_phone=country).status_code == 303
        assert booked()[0].request.client_phone == stored

    @pytest.mark.parametrize("typed", ["030 1234567", "0171 1234567", "555-010-0123"])
    def test_that_is_none_in_the_chosen_country_is_asked_again(
        self, browser: Client, invited: SchedulingRequest, typed: str
    ) -> None:
        page = book(browser, invited, phone=typed, country_phone="US")

        text = page.content.decode()
        assert page.status_code == 422
        assert "This phone number does not fit the chosen country (United States)." in text
        assert "begin with + and the country code" in text
        assert (number_on(text), country_on(text)) == (typed, "US")
        assert not booked()

    def test_that_lacks_its_area_code_is_shown_how_to_write_it(
        self, browser: Client, invited: SchedulingRequest
    ) -> None:
        assert "Try it like (201) 555-0123" in book(browser, invited, phone="555-0123").content.decode()

    def test_of_a_question_is_held_to_the_same(self, browser: Client, account: Account, agent: Agent) -> None:
        with active(account):
            kind = make_type(account)
            kind.questions.create(position=0, key="desk", label="Desk phone", kind="phone")
            invited = make_request(kind, [agent])

        page = book(browser, invited, answer_desk="030 1234567", country_answer_desk="US").content.decode()
        assert "<bdi>Desk phone</bdi>: This phone number does not fit the chosen country" in page

        book(browser, invited, answer_desk="030 1234567", country_answer_desk="DE")
        assert booked()[0].answers == [{"key": "desk", "label": "Desk phone", "value": "+49 30 1234567"}]
