"""A whole round to an OpenID Connect provider and back, over HTTP, and what is not let in."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from slotdesk.domain.events.models import Event
from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.second_factor import ask_for_second_factor
from slotdesk.domain.tenants.models import Account, Membership, SecondFactor, User
from slotdesk.domain.tenants.scope import active
from tests.sign_in.firm import NOW, Firm, connect, oidc
from tests.sign_in.identity_provider import CLIENT_SECRET, Provider
from tests.support.factories import make_account, make_agent
from tests.support.members import give_place, sign_in, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def dana(account: Account, role: str = "user", email: str = "dana@summit.example") -> Membership:
    """Dana, who was there before, with a password."""
    return give_place(account, User.objects.create_user(email, "correct horse battery", name="Dana"), role)


class TestSignIn:
    def test_gives_somebody_new_a_place_with_the_default_role(self, firm: Firm, browser: Client) -> None:
        answer = firm.sign_in(browser, next="/app/requests/?status=new")

        assert (answer.status_code, answer.headers["Location"]) == (302, "/app/requests/?status=new")
        assert "Dana Field" in text_of(browser.get("/app/requests/"))
        with active(firm.account):
            member = Membership.objects.select_related("role", "user").get()
            joined = Event.objects.get(kind="member.joined")
        assert joined.data == {"name": "Dana Field", "role": "User", "through": "Summit ID"}
        assert (member.role.key, member.user.email, joined.subject) == ("user", "dana@summit.example", member.public_id)
        assert not member.user.has_usable_password()

    def test_makes_the_technician_of_the_persons_address_theirs(self, firm: Firm, browser: Client) -> None:
        with active(firm.account):
            agent = make_agent(firm.account, "Dana Field", email="Dana@summit.example")

        firm.sign_in(browser)

        assert browser.get("/app/hours/").headers["Location"] == f"/app/users/{agent.public_id}/hours/"

    def test_takes_no_name_that_the_history_would_read_as_a_clients(self, firm: Firm, browser: Client) -> None:
        firm.provider.person["name"] = "Ana Ruiz (client)"

        firm.sign_in(browser)

        assert User.objects.get().name == ""

    def test_knows_the_person_again_although_the_address_has_changed(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)
        firm.provider.person["email"] = "dana.field@summit.example"
        other = Client(HTTP_HOST="localhost")

        firm.sign_in(other)

        assert "Dana Field" in text_of(other.get("/app/requests/"))
        assert User.objects.count() == 1

    def test_takes_somebody_who_has_a_place_already_for_who_they_are(self, firm: Firm, browser: Client) -> None:
        member = dana(firm.account, "dispatcher")

        firm.sign_in(browser)

        assert browser.get("/app/types/").status_code == 200
        assert User.objects.get().pk == member.user_id

    def test_begins_a_new_session(self, firm: Firm, browser: Client) -> None:
        asked = firm.begin(browser)
        planted = browser.session.session_key

        firm.come_back(browser, asked)

        assert browser.session.session_key != planted
        assert (
            Client(HTTP_HOST="localhost", headers={"Cookie": f"slotdesk_session={planted}"})
            .get("/app/requests/")
            .status_code
            == 302
        )

    def test_leads_to_no_other_site(self, firm: Firm, browser: Client) -> None:
        answer = firm.sign_in(browser, next="https://evil.example/")

        assert answer.headers["Location"] == "/app/"

    def test_is_offered_on_the_sign_in_page_where_there_is_one_account(self, firm: Firm, browser: Client) -> None:
        page = text_of(browser.get("/accounts/login/"))
        way = text_of(browser.get("/accounts/company/summit/?next=/app/types/"))

        assert 'href="/accounts/company/summit/"' in page
        assert f'href="/accounts/oidc/{firm.single_sign_on.public_id}/login/?next=%2Fapp%2Ftypes%2F"' in way

    def test_is_found_by_the_firms_short_name_where_there_are_several(self, firm: Firm, browser: Client) -> None:
        make_account()

        assert "Summit ID" not in text_of(browser.get("/accounts/login/"))
        assert browser.get("/accounts/company/?firm=Summit").headers["Location"] == "/accounts/company/summit/"
        assert "No company with this short name" in text_of(browser.get("/accounts/company/?firm=nobody"))

    def test_asks_for_the_persons_own_second_factor_too(self, firm: Firm, browser: Client) -> None:
        member = dana(firm.account)
        Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data={"secret": "x"})

        answer = firm.sign_in(browser)

        assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
        assert browser.get("/app/requests/").status_code == 302

    def test_counts_as_the_second_factor_that_the_account_asks_for(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)
        with active(firm.account):
            Membership.objects.update(created_at=NOW - timedelta(days=900))
            long_ago = NOW - timedelta(days=800)
            ask_for_second_factor(account=firm.account, whom=SecondFactor.EVERYBODY, actor="Alex", now=long_ago)

        assert browser.get("/app/requests/").status_code == 200


class TestRefusal:
    def refused(self, firm: Firm, browser: Client) -> str:
        answer = firm.sign_in(browser)
        assert answer.status_code == 403
        assert browser.get("/app/requests/").status_code == 302
        return text_of(answer)

    def test_meets_an_address_of_another_domain(self, firm: Firm, browser: Client) -> None:
        firm.provider.person["email"] = "dana@elsewhere.example"

        assert "does not belong to the domains" in self.refused(firm, browser)
        assert not User.objects.exists()

    def test_meets_an_address_that_the_provider_has_not_verified(self, firm: Firm, browser: Client) -> None:
        firm.provider.person["email_verified"] = False

        assert "does not vouch for your address" in self.refused(firm, browser)

    def test_meets_whoever_is_new_where_nobody_joins_by_themselves(self, firm: Firm, browser: Client) -> None:
        firm.change(default_role=None)

        assert "ask your administrator to invite you" in self.refused(firm, browser)

    def test_meets_somebody_who_has_left(self, firm: Firm, browser: Client) -> None:
        dana(firm.account)
        with active(firm.account):
            Membership.objects.update(left_at=NOW)

        assert "has ended" in self.refused(firm, browser)

    def test_meets_a_google_account_outside_the_organisation(self, firm: Firm, browser: Client) -> None:
        firm.change(vendor="google")

        assert "does not vouch" in self.refused(firm, browser)

        firm.provider.person["hd"] = "summit.example"
        assert firm.sign_in(browser).status_code == 302

    def test_meets_everybody_while_it_is_off(self, firm: Firm, browser: Client) -> None:
        firm.change(is_on=False)

        assert "is turned off" in self.refused(firm, browser)

    def test_meets_a_token_for_another_client(self, firm: Firm, browser: Client) -> None:
        firm.provider.audience = "somebody-else"

        assert "no answer we may trust" in self.refused(firm, browser)

    def test_meets_us_when_our_secret_is_wrong(self, account: Account, provider: Provider, browser: Client) -> None:
        firm = Firm(account, provider, connect(account, oidc(provider, "wrong")))

        assert "no answer we may trust" in self.refused(firm, browser)

    def test_meets_a_code_that_was_stolen_into_another_browser(self, firm: Firm, browser: Client) -> None:
        asked = firm.begin(browser)

        answer = firm.come_back(Client(HTTP_HOST="localhost"), asked)

        assert answer.status_code == 403

    def test_meets_the_same_answer_a_second_time(self, firm: Firm, browser: Client) -> None:
        back = httpx.get(firm.begin(browser)).headers["Location"].removeprefix("http://localhost")
        assert browser.get(back).status_code == 302
        browser.post("/accounts/logout/")

        assert browser.get(back).status_code == 403


class TestAnotherAccountsProvider:
    """Whoever administers an account decides what its provider says. That must not open anybody else's door."""

    def test_does_not_sign_in_our_administrator(self, firm: Firm, provider: Provider, browser: Client) -> None:
        victim = dana(make_account("Victim MSP"), "administrator", "boss@victim.example")
        firm.change(domains=["victim.example"])
        provider.person |= {"email": "boss@victim.example", "sub": "anything"}

        answer = firm.sign_in(browser)

        assert answer.status_code == 403
        assert "belong to several accounts" in text_of(answer)
        assert not SocialAccount.objects.filter(user_id=victim.user_id).exists()

    def test_does_not_sign_in_somebody_who_has_joined_another_since(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)
        give_place(make_account("Victim MSP"), User.objects.get())

        assert firm.sign_in(Client(HTTP_HOST="localhost")).status_code == 403

    @pytest.mark.parametrize(
        "path", ["/accounts/password/set/", "/accounts/2fa/passkeys/add/", "/accounts/2fa/totp/activate/"]
    )
    def test_leaves_no_key_behind(self, firm: Firm, browser: Client, path: str) -> None:
        firm.sign_in(browser)

        answer = browser.get(path)

        assert answer.status_code == 403
        assert "Your company’s sign-in takes care of this" in text_of(answer)


class TestTheOnlyWay:
    def test_sends_people_with_a_password_to_the_firm(self, firm: Firm, browser: Client) -> None:
        sign_in(browser, dana(firm.account).user)
        firm.change(is_required=True)

        answer = browser.get("/app/requests/")

        assert answer.headers["Location"] == "/accounts/company/summit/"
        assert "_auth_user_id" not in browser.session

    def test_leaves_administrators_their_password(self, firm: Firm, browser: Client) -> None:
        sign_in(browser, dana(firm.account, "administrator").user)
        firm.change(is_required=True)

        assert browser.get("/app/requests/").status_code == 200

    def test_ends_the_sessions_it_opened_when_it_is_turned_off(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)
        firm.change(is_on=False)

        assert browser.get("/app/requests/").headers["Location"].startswith("/accounts/login/")


class TestSettings:
    URL = "/app/settings/security/company/?kind=oidc"

    def entered(self, provider: Provider, **fields: str) -> dict[str, str]:
        return {
            "server_url": provider.url,
            "client_id": "slotdesk-client",
            "client_secret": CLIENT_SECRET,
            "label": "Summit ID",
            "domains": "summit.example",
        } | fields

    def stored(self, account: Account) -> SingleSignOn:
        with active(account):
            return SingleSignOn.objects.get()

    def test_are_entered_tried_and_turned_on(self, account: Account, provider: Provider) -> None:
        boss = signed_in(account)
        assert boss.post(self.URL, self.entered(provider)).status_code == 302
        firm = Firm(account, provider, self.stored(account))

        boss.post("/app/settings/security/company/switch/", {"is_on": "on"})
        is_on_untried = self.stored(account).is_on
        tried = firm.sign_in(boss, process="redirect", next="/app/settings/security/company/tried/")
        page = text_of(boss.get(tried.headers["Location"], follow=True))
        boss.post("/app/settings/security/company/switch/", {"is_on": "on"})

        assert not is_on_untried
        assert "the provider says you are Dana Field &lt;dana@summit.example&gt;" in page
        assert "The administrator" in page
        assert self.stored(account).is_on

    def test_say_when_the_provider_answers_for_another_domain(self, account: Account, provider: Provider) -> None:
        boss = signed_in(account)
        boss.post(self.URL, self.entered(provider, domains="other.example"))
        firm = Firm(account, provider, self.stored(account))

        firm.sign_in(boss, process="redirect", next="/app/settings/security/company/tried/")

        assert "does not lie in your domains" in text_of(boss.get("/app/settings/security/company/tried/", follow=True))
        assert self.stored(account).tested_at is None

    def test_cannot_be_said_to_work_without_going_there(self, account: Account, provider: Provider) -> None:
        boss = signed_in(account)
        boss.post(self.URL, self.entered(provider))

        boss.get("/app/settings/security/company/tried/")

        assert self.stored(account).tested_at is None

    def test_keep_the_secret_encrypted_and_out_of_the_audit_log(self, firm: Firm) -> None:
        boss = signed_in(firm.account)

        page = text_of(boss.get(self.URL))

        assert CLIENT_SECRET not in self.stored(firm.account).settings
        with active(firm.account):
            assert CLIENT_SECRET not in str(list(Event.objects.values_list("changes", "data")))
        assert CLIENT_SECRET not in page

    def test_keep_the_secret_when_none_is_entered(self, firm: Firm, browser: Client) -> None:
        signed_in(firm.account).post(self.URL, self.entered(firm.provider, client_secret="", label="New"))

        assert self.stored(firm.account).label == "New"
        assert firm.sign_in(browser).status_code == 403  # no default role was chosen: but the provider answered
        assert self.stored(firm.account).is_on

    def test_give_the_secret_to_no_other_provider(self, firm: Firm) -> None:
        entered = self.entered(firm.provider, client_secret="", server_url="https://elsewhere.example")

        answer = signed_in(firm.account).post(self.URL, entered)

        assert answer.status_code == 422
        assert "Enter the secret" in text_of(answer)

    def test_of_another_provider_forget_whom_the_first_one_knew(self, firm: Firm, browser: Client) -> None:
        firm.sign_in(browser)
        entered = self.entered(firm.provider, server_url="https://elsewhere.example")

        signed_in(firm.account).post(self.URL, entered)

        stored = self.stored(firm.account)
        assert (stored.tested_at, stored.is_on) == (None, False)
        assert not SocialAccount.objects.exists()

    @pytest.mark.parametrize(
        ("kind", "fields", "words"),
        [
            ("entra", {"tenant": "common"}, "The ID of one directory"),
            ("oidc", {"server_url": "https://login.microsoftonline.com/common/v2.0"}, "Choose Microsoft or Google"),
            ("oidc", {"domains": "not a domain!"}, "Not a domain"),
            ("oidc", {"domains": ""}, "required"),
        ],
    )
    def test_say_what_is_wrong(
        self, account: Account, provider: Provider, kind: str, fields: dict[str, str], words: str
    ) -> None:
        answer = signed_in(account).post(
            f"/app/settings/security/company/?kind={kind}", self.entered(provider, **fields)
        )

        assert answer.status_code == 422
        assert words in text_of(answer)

    def test_make_nobody_an_administrator_by_default(self, account: Account, provider: Provider) -> None:
        with active(account):
            role = account.roles.get(key="administrator")

        answer = signed_in(account).post(self.URL, self.entered(provider, default_role=role.public_id))

        assert answer.status_code == 422
