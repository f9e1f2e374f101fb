"""A whole round to a SAML provider and back, with assertions that are really signed, and what is not believed."""

from __future__ import annotations

import base64
import zlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client

from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.single_sign_on import SamlSettings, open_settings
from slotdesk.domain.tenants.models import Account, Membership
from slotdesk.domain.tenants.scope import active
from tests.sign_in.firm import Firm
from tests.sign_in.identity_provider import Provider, make_keys
from tests.support.members import signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def asked_of(firm: Firm, browser: Client, **query: str) -> str:
    """The SAMLRequest that the provider gets."""
    address = urlsplit(firm.begin(browser, **query))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{firm.provider.url}/saml/sso"
    return parse_qs(address.query)["SAMLRequest"][0]


def answered(firm: Firm, browser: Client, response: str, relay_state: str = "") -> Any:
    """What the browser sees after the provider's page has posted the response."""
    posted = browser.post(acs_of(firm), {"SAMLResponse": response, "RelayState": relay_state})
    assert posted.status_code == 302
    return browser.get(posted.headers["Location"])


def acs_of(firm: Firm) -> str:
    return f"/accounts/saml/{firm.single_sign_on.public_id}/acs/"


class TestSignIn:
    def test_gives_somebody_new_a_place_with_the_default_role(self, saml_firm: Firm, browser: Client) -> None:
        asked = asked_of(saml_firm, browser, next="/app/requests/")

        answer = answered(saml_firm, browser, saml_firm.provider.answer_to(asked))

        assert (answer.status_code, answer.headers["Location"]) == (302, "/app/requests/")
        assert "Dana Field" in text_of(browser.get("/app/requests/"))
        with active(saml_firm.account):
            assert Membership.objects.get().role.key == "user"

    def test_says_of_itself_what_the_provider_needs(self, saml_firm: Firm, browser: Client) -> None:
        page = browser.get(f"/accounts/saml/{saml_firm.single_sign_on.public_id}/metadata/")

        assert page.status_code == 200
        assert f"http://localhost{acs_of(saml_firm)}" in page.content.decode()

    def test_may_be_ended_by_the_provider_only_with_a_signature(self, saml_firm: Firm, browser: Client) -> None:
        answered(saml_firm, browser, saml_firm.provider.answer_to(asked_of(saml_firm, browser)))

        answer = browser.get(acs_of(saml_firm).replace("/acs/", "/sls/"), {"SAMLRequest": "anything"})

        assert answer.status_code == 400
        assert browser.get("/app/requests/").status_code == 200


class TestRefusal:
    def refuses(self, firm: Firm, browser: Client, response: str, relay_state: str = "") -> None:
        answer = answered(firm, browser, response, relay_state)
        assert answer.status_code == 403
        assert "You are not signed in" in text_of(answer)
        assert browser.get("/app/requests/").status_code == 302

    def test_meets_an_assertion_without_a_signature(self, saml_firm: Firm, browser: Client) -> None:
        answer = answer_of(saml_firm, asked_of(saml_firm, browser), signed_by=None)

        self.refuses(saml_firm, browser, answer)

    def test_meets_an_assertion_that_somebody_else_signed(self, saml_firm: Firm, browser: Client) -> None:
        asked = asked_of(saml_firm, browser)

        self.refuses(saml_firm, browser, saml_firm.provider.answer_to(asked, signed_by=make_keys()))

    def test_meets_an_assertion_that_was_changed_after_signing(self, saml_firm: Firm, browser: Client) -> None:
        response = saml_firm.provider.answer_to(asked_of(saml_firm, browser))
        changed = base64.b64decode(response).replace(b"dana@summit.example", b"boss@summit.example")

        self.refuses(saml_firm, browser, base64.b64encode(changed).decode())

    def test_meets_an_assertion_that_is_too_old(self, saml_firm: Firm, browser: Client) -> None:
        asked = asked_of(saml_firm, browser)

        self.refuses(saml_firm, browser, saml_firm.provider.answer_to(asked, age=timedelta(hours=1)))

    def test_meets_an_assertion_for_another_service(self, saml_firm: Firm, browser: Client) -> None:
        asked = asked_of(saml_firm, browser)

        self.refuses(saml_firm, browser, answer_of(saml_firm, asked, audience="https://other.example/metadata"))

    def test_meets_an_assertion_that_nobody_asked_for(self, saml_firm: Firm, browser: Client) -> None:
        response = saml_firm.provider.say(
            in_response_to="",
            acs=f"http://localhost{acs_of(saml_firm)}",
            audience=f"http://localhost{acs_of(saml_firm).replace('acs', 'metadata')}",
            signed_by=saml_firm.provider.keys,
        )

        self.refuses(saml_firm, browser, response, relay_state="https://evil.example/")

    def test_meets_an_answer_that_was_used_before(self, saml_firm: Firm, browser: Client) -> None:
        response = saml_firm.provider.answer_to(asked_of(saml_firm, browser))
        assert answered(saml_firm, browser, response).status_code == 302
        browser.post("/accounts/logout/")

        self.refuses(saml_firm, browser, response)

    def test_meets_an_answer_in_another_browser_than_the_one_that_asked(self, saml_firm: Firm, browser: Client) -> None:
        response = saml_firm.provider.answer_to(asked_of(saml_firm, browser))

        self.refuses(saml_firm, Client(HTTP_HOST="localhost"), response)

    def test_meets_what_is_no_answer_at_all(self, saml_firm: Firm, browser: Client) -> None:
        self.refuses(saml_firm, browser, "%%%")


class TestSettings:
    URL = "/app/settings/security/company/?kind=saml"

    def test_are_read_from_the_providers_metadata(self, account: Account, provider: Provider) -> None:
        entered = {"metadata_url": f"{provider.url}/saml/metadata", "label": "ID", "domains": "summit.example"}

        answer = signed_in(account).post(self.URL, entered)

        assert answer.status_code == 302
        with active(account):
            values = open_settings(SingleSignOn.objects.get())
        assert isinstance(values, SamlSettings)
        assert (values.entity_id, str(values.sso_url)) == (f"{provider.url}/saml", f"{provider.url}/saml/sso")
        assert values.certificate in provider.keys.certificate.replace("\n", "")

    def test_say_when_the_metadata_cannot_be_read(self, account: Account, provider: Provider) -> None:
        entered = {"metadata_url": f"{provider.url}/nothing", "label": "ID", "domains": "summit.example"}

        answer = signed_in(account).post(self.URL, entered)

        assert answer.status_code == 422
        assert "the server answered 404" in text_of(answer)

    def test_name_what_is_missing(self, account: Account) -> None:
        answer = signed_in(account).post(self.URL, {"label": "ID", "domains": "summit.example"})

        assert answer.status_code == 422
        assert "Entity ID of the provider" in text_of(answer)


def answer_of(firm: Firm, asked: str, **changed: Any) -> str:
    """An answer that is right but for what is changed."""
    request = Xml.fromstring(zlib.decompress(base64.b64decode(asked), -15))
    right: dict[str, Any] = {
        "in_response_to": request.attrib["ID"],
        "acs": request.attrib["AssertionConsumerServiceURL"],
        "audience": f"http://localhost{acs_of(firm).replace('acs', 'metadata')}",
        "signed_by": firm.provider.keys,
    }
    return firm.provider.say(**(right | changed))
