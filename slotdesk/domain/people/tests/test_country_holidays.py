"""Public holidays become a list of the account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from slotdesk.domain.people.country_holidays import (
    UnknownCountry,
    follow_all_countries,
    follow_country,
    list_countries,
)
from slotdesk.domain.people.models import Holiday
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Iterator[Account]:
    account = make_account()
    with active(account):
        yield account


class TestFollowCountry:
    def test_lists_the_days_of_the_part_of_the_country(self, account: Account) -> None:
        bavaria = follow_country(account=account, country="DE", part="BY", years=range(2027, 2028))

        assert Holiday.objects.filter(holiday_list=bavaria, date=date(2027, 1, 6)).exists()

    def test_following_again_doubles_nothing(self, account: Account) -> None:
        follow_country(account=account, country="GB", years=range(2027, 2028))
        before = Holiday.objects.count()

        follow_all_countries(account=account, years=range(2027, 2028))

        assert Holiday.objects.count() == before

    def test_a_country_that_nobody_knows_is_refused(self, account: Account) -> None:
        with pytest.raises(UnknownCountry):
            follow_country(account=account, country="ZZ", years=range(2027, 2028))


class TestListCountries:
    def test_knows_parts(self) -> None:
        assert "BY" in list_countries()["DE"]
