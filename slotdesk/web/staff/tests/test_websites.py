"""Settings → Embedding."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from slotdesk.domain.profile.embedding import list_websites
from slotdesk.domain.tenants.models import Account, Role
from tests.support.members import text_of

SignIn = Callable[[str], Client]
URL = "/app/settings/embedding/"

pytestmark = pytest.mark.django_db(transaction=True)


class TestWebsites:
    def test_are_saved_as_browsers_compare_them(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        answer = browser.post(URL, {"websites": "https://Shop.example.com/\nhttp://localhost:3000"}, follow=True)

        assert "From now on 2 websites may embed your booking pages." in text_of(answer)
        assert list_websites(account) == ["https://shop.example.com", "http://localhost:3000"]
        assert "https://shop.example.com\nhttp://localhost:3000</textarea>" in answer.content.decode()

    def test_are_taken_away_again(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        browser.post(URL, {"websites": "https://shop.example.com"})

        answer = browser.post(URL, {"websites": ""}, follow=True)

        assert "No website may embed" in text_of(answer)
        assert list_websites(account) == []

    def test_name_every_line_that_is_wrong_and_save_nothing(self, account: Account, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(
            URL, {"websites": "https://shop.example.com\nshop.example.com\nhttps://shop.example.com/contact"}
        )

        page = text_of(answer)
        assert answer.status_code == 422
        assert "Line 2: begin with https://, such as https://www.example.com." in page
        assert "Line 3: leave out what follows the name." in page
        assert list_websites(account) == []

    def test_are_only_shown_to_whoever_may_not_change_them(self, account: Account, sign_in: SignIn) -> None:
        Role.objects.filter(key="dispatcher").update(permissions=["branding.view"])
        browser = sign_in("dispatcher")

        page, answer = browser.get(URL), browser.post(URL, {"websites": "https://shop.example.com"})

        assert "disabled" in page.content.decode()
        assert 'type="submit">Save' not in page.content.decode()
        assert (answer.status_code, list_websites(account)) == (403, [])
