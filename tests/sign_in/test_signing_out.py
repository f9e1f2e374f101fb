"""Signing out, here and at the firm's provider; and a provider that is removed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from slotdesk.domain.events.models import Event
from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.single_sign_on import OidcSettings, save_single_sign_on
from slotdesk.domain.tenants.models import Role, User
from slotdesk.domain.tenants.scope import active
from tests.sign_in.firm import NOW, Firm, saml
from tests.sign_in.identity_provider import CLIENT_ID, Keys, make_keys
from tests.sign_in.test_saml import acs_of, answered, asked_of
from tests.support.members import give_place, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

LOGOUT = "/accounts/logout/"


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def is_nobody(browser: Client) -> bool:
    return bool(browser.get("/app/requests/").status_code == 302)


def leads_to(answer: Any) -> str:
    """Where the page goes on to by itself."""
    seconds, _, url = answer.headers["Refresh"].partition("; url=")
    assert seconds == "0"
    return str(url)


class TestOpenIdConnect:
    def test_ends_the_session_here_then_at_the_provider_and_comes_back(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)

        answer = browser.post(LOGOUT)

        assert is_nobody(browser)
        back = httpx.get(leads_to(answer))
        assert back.headers["Location"] == "http://localhost:8000/accounts/login/"
        [asked] = firm.provider.ended
        assert (asked["sub"], asked["client_id"]) == ("person-1", CLIENT_ID)

    def test_offers_a_link_for_browsers_that_do_not_go_on(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)

        page = text_of(browser.post(LOGOUT))

        assert "Signed out here" in page
        assert f'href="{firm.provider.url}/end?id_token_hint=' in page

    def test_ends_it_here_alone_where_the_provider_has_no_place_for_it(self, firm: Firm, browser: Client) -> None:
        firm.provider.ends_sessions = False
        firm.sign_in(browser)

        answer = browser.post(LOGOUT)

        assert (answer.status_code, is_nobody(browser)) == (302, True)

    def test_ends_it_here_although_the_provider_gives_no_answer(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)
        _move_provider(firm, "http://127.0.0.1:9")

        answer = browser.post(LOGOUT)

        assert (answer.status_code, is_nobody(browser)) == (302, True)

    def test_leaves_the_provider_alone_after_a_sign_in_with_a_password(self, firm: Firm) -> None:
        browser = signed_in(firm.account)

        assert browser.post(LOGOUT).status_code == 302
        assert firm.provider.ended == []


class TestSaml:
    def sign_in(self, firm: Firm, browser: Client) -> None:
        answered(firm, browser, firm.provider.answer_to(asked_of(firm, browser)))
        assert not is_nobody(browser)

    def sls_of(self, firm: Firm) -> str:
        return acs_of(firm).replace("/acs/", "/sls/")

    def test_asks_the_provider_to_end_it_too(self, saml_firm: Firm, browser: Client) -> None:
        self.sign_in(saml_firm, browser)

        url = leads_to(browser.post(LOGOUT))

        assert is_nobody(browser)
        assert url.startswith(f"{saml_firm.provider.url}/saml/slo?")
        assert "SAMLRequest" in parse_qs(urlsplit(url).query)
        assert browser.get(self.sls_of(saml_firm), {"SAMLResponse": "any"})["Location"] == "/accounts/login/"

    def test_ends_because_the_provider_says_so_and_signs_it(self, saml_firm: Firm, browser: Client) -> None:
        self.sign_in(saml_firm, browser)
        sls = self.sls_of(saml_firm)

        answer = browser.get(sls, saml_firm.provider.logout_request(destination=f"http://localhost{sls}"))

        assert (answer.status_code, is_nobody(browser)) == (302, True)
        assert answer["Location"].startswith(f"{saml_firm.provider.url}/saml/slo?SAMLResponse=")

    def test_goes_on_when_somebody_else_has_signed(self, saml_firm: Firm, browser: Client) -> None:
        self.sign_in(saml_firm, browser)
        sls = self.sls_of(saml_firm)
        forged = saml_firm.provider.logout_request(destination=f"http://localhost{sls}", signed_by=make_keys())

        assert browser.get(sls, forged).status_code == 400
        assert not is_nobody(browser)


class TestTwoCertificates:
    """The provider signs with another key from some day on; both are accepted meanwhile."""

    @pytest.fixture
    def fresh(self) -> Keys:
        return make_keys()

    @pytest.fixture
    def changing(self, saml_firm: Firm, fresh: Keys) -> Firm:
        values = saml(saml_firm.provider).model_copy(update={"next_certificate": fresh.certificate})
        with active(saml_firm.account):
            save_single_sign_on(
                account=saml_firm.account,
                protocol=SingleSignOn.Protocol.SAML,
                vendor=SingleSignOn.Vendor.OTHER,
                label="Summit ID",
                values=values,
                domains=["summit.example"],
                default_role=saml_firm.single_sign_on.default_role,
                by=Role.objects.get(key="administrator"),
                actor="Alex",
                now=NOW,
            )
        return saml_firm

    @pytest.mark.parametrize("is_fresh", [False, True])
    def test_let_in_whichever_signed(self, changing: Firm, fresh: Keys, browser: Client, is_fresh: bool) -> None:
        keys = fresh if is_fresh else changing.provider.keys

        answered(changing, browser, changing.provider.answer_to(asked_of(changing, browser), signed_by=keys))

        assert not is_nobody(browser)

    @pytest.mark.parametrize("is_fresh", [False, True])
    def test_sign_out_whichever_signed(self, changing: Firm, fresh: Keys, browser: Client, is_fresh: bool) -> None:
        keys = fresh if is_fresh else changing.provider.keys
        answered(changing, browser, changing.provider.answer_to(asked_of(changing, browser), signed_by=keys))
        sls = acs_of(changing).replace("/acs/", "/sls/")

        browser.get(sls, changing.provider.logout_request(destination=f"http://localhost{sls}", signed_by=keys))

        assert is_nobody(browser)

    def test_let_nobody_else_in(self, changing: Firm, browser: Client) -> None:
        response = changing.provider.answer_to(asked_of(changing, browser), signed_by=make_keys())

        assert answered(changing, browser, response).status_code == 403
        assert is_nobody(browser)

    def test_do_not_have_to_be_tried_anew(self, changing: Firm) -> None:
        with active(changing.account):
            assert SingleSignOn.objects.get().is_on


class TestRemoval:
    URL = "/app/settings/security/company/removal/"

    def test_says_before_what_becomes_of_whom(self, firm: Firm, browser: Client) -> None:
        give_place(firm.account, User.objects.create_user("dana@summit.example", "correct horse", name="Dana"), "user")
        firm.sign_in(browser)
        firm.provider.person |= {"sub": "person-2", "email": "eve@summit.example", "name": "Eve New"}
        firm.sign_in(Client(HTTP_HOST="localhost"))

        page = text_of(signed_in(firm.account).get(self.URL))

        assert "1 of them has a password and signs in with it: Dana" in page
        assert "1 has none yet" in page
        assert "Eve New" in page

    def test_signs_out_whoever_came_through_it_and_keeps_their_place(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)
        boss = signed_in(firm.account)
        assert not is_nobody(browser)

        page = text_of(boss.post(self.URL, follow=True))

        assert "Summit ID is removed" in page
        assert is_nobody(browser)
        assert not SocialAccount.objects.exists()
        assert Client(HTTP_HOST="localhost").get("/accounts/company/summit/").status_code == 404
        with active(firm.account):
            assert not SingleSignOn.objects.exists()
            gone = Event.objects.get(kind="single_sign_on.deleted")
        assert gone.changes["label"] == ["Summit ID", None]
        assert "a-secret-of-the-provider" not in str(gone.changes)

    def test_of_what_is_gone_is_told(self, firm: Firm) -> None:
        boss = signed_in(firm.account)
        boss.post(self.URL)

        assert "There is no provider any more" in text_of(boss.get(self.URL, follow=True))


def _move_provider(firm: Firm, url: str) -> None:
    """Its address is another one from now on, at which nobody answers."""
    values = OidcSettings.model_validate({"server_url": url, "client_id": CLIENT_ID, "client_secret": "another"})
    with active(firm.account):
        links = list(SocialAccount.objects.values("user_id", "provider", "uid"))
        save_single_sign_on(
            account=firm.account,
            protocol=SingleSignOn.Protocol.OIDC,
            vendor=SingleSignOn.Vendor.OTHER,
            label="Summit ID",
            values=values,
            domains=["summit.example"],
            default_role=None,
            by=Role.objects.get(key="administrator"),
            actor="Alex",
            now=NOW,
        )
        SocialAccount.objects.bulk_create(SocialAccount(**each) for each in links)
