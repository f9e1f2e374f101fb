"""Reading and storing the websites that may embed."""

from __future__ import annotations

import pytest

from slotdesk.domain.events.models import Event
from slotdesk.domain.profile.embedding import MOST_WEBSITES, BadWebsites, list_websites, read_websites, save_websites
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account

SHOP, ALL = "https://shop.example.com", "https://*.example.com"


class TestReadWebsites:
    def test_takes_one_from_each_line_and_each_once(self) -> None:
        text = f"{SHOP}/\n\n  HTTPS://SHOP.example.com \r\n{ALL}\n"

        assert read_websites(text) == [SHOP, ALL]

    def test_takes_none_from_nothing(self) -> None:
        assert read_websites(" \n\n") == []

    def test_names_each_line_that_is_wrong(self) -> None:
        with pytest.raises(BadWebsites) as error:
            read_websites(f"{SHOP}\nwww.example.com\n\nhttp://example.com")

        first, second = error.value.problems
        assert first.startswith("Line 2: begin with https://")
        assert second.startswith("Line 4: only https:// is possible.")

    def test_takes_no_more_than_a_header_bears(self) -> None:
        many = [f"https://shop-{number}.example.com" for number in range(MOST_WEBSITES + 1)]

        assert read_websites("\n".join(many[1:])) == many[1:]
        with pytest.raises(BadWebsites, match=f"{MOST_WEBSITES} are possible"):
            read_websites("\n".join(many))


@pytest.mark.django_db(transaction=True)
class TestSaveWebsites:
    def test_lets_in_whom_it_is_given_and_tells_the_audit_log(self) -> None:
        account = make_account()
        with active(account):
            assert list_websites(account) == []
            Profile.objects.create(account=account, greeting="Hello.")

            save_websites(account=account, websites=[SHOP], actor="Alex", now=NOW)
            save_websites(account=account, websites=[SHOP, ALL], actor="Alex", now=NOW)

            assert list_websites(account) == [SHOP, ALL]
            assert Profile.objects.get().greeting == "Hello."
            told = Event.objects.filter(kind="account.websites_changed").order_by("id")
            assert [event.changes for event in told] == [
                {"websites": [[], [SHOP]]},
                {"websites": [[SHOP], [SHOP, ALL]]},
            ]

    def test_tells_nothing_where_nothing_changes(self) -> None:
        account = make_account()
        with active(account):
            save_websites(account=account, websites=[], actor="Alex", now=NOW)

            assert not Event.objects.filter(kind="account.websites_changed").exists()
