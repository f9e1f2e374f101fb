from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.connectwise import constants
from sandbox.connectwise.server import Options, Sandbox, running

from .conftest import TODAY, client_for


class TestApiKeys:
    def test_open_the_api_under_the_alias_too(self, sandbox: Sandbox, api: httpx.Client) -> None:
        alias = f"{sandbox.url}/{constants.CODEBASE_ALIAS}/apis/3.0/system/info"

        assert api.get("/system/info").json()["version"].startswith("v")
        assert api.get(alias).status_code == 200

    @pytest.mark.parametrize(
        "pair",
        [
            ("summit+demoPublicKey01", "wrong"),
            ("other+demoPublicKey01", constants.PRIVATE_KEY),
            ("summit+nobody", constants.PRIVATE_KEY),
            ("demoPublicKey01", constants.PRIVATE_KEY),
        ],
    )
    def test_that_are_wrong_are_unauthorized(self, sandbox: Sandbox, pair: tuple[str, str]) -> None:
        headers = {"clientId": constants.CLIENT_ID}
        answer = httpx.get(f"{sandbox.api_url}/system/info", auth=pair, headers=headers, trust_env=False)
        alias = sandbox.api_url.replace(constants.CODEBASE, constants.CODEBASE_ALIAS)

        assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
        assert httpx.get(f"{alias}/system/info", auth=pair, headers=headers, trust_env=False).status_code == 404

    def test_need_a_client_id_beside_them(self, api: httpx.Client) -> None:
        answer = api.get("/system/info", headers={"clientId": "00000000-0000-0000-0000-000000000000"})

        assert (answer.status_code, answer.json()["code"]) == (401, "ConnectWiseApi")

    def test_of_a_limited_role_are_forbidden_what_it_lacks(self, sandbox: Sandbox) -> None:
        pair = (f"summit+{constants.LIMITED_PUBLIC_KEY}", constants.LIMITED_PRIVATE_KEY)
        with client_for(sandbox) as client:
            client.auth = httpx.BasicAuth(*pair)

            assert client.get("/service/tickets").status_code == 200
            assert client.get("/system/callbacks").json()["code"] == "Security"
            assert client.get("/system/callbacks").status_code == 403
            assert client.post("/schedule/entries", json={}).status_code == 403

    def test_are_held_to_a_number_of_calls_a_minute(self) -> None:
        moment = datetime(2027, 3, 1, 12, tzinfo=UTC)
        with running(Options(size="small", rate_limit=2, clock=lambda: moment)) as sandbox, client_for(sandbox) as api:
            answers = [api.get("/system/info") for _ in range(3)]

            assert [answer.status_code for answer in answers] == [200, 200, 429]
            assert answers[2].headers["retry-after"] == "60"
            assert answers[2].json() == {
                "error": "ConnectWiseAPI",
                "message": "Too many requests. Please try again in 60 seconds.",
            }
            moment += timedelta(seconds=61)
            assert api.get("/system/info").status_code == 200


class TestDiscovery:
    def test_names_the_codebase_of_the_company(self, sandbox: Sandbox) -> None:
        answer = httpx.get(f"{sandbox.url}/login/companyinfo/Summit", trust_env=False).json()

        assert answer["Codebase"] == "v2026_1/"
        assert answer["SiteUrl"] == sandbox.url.removeprefix("http://")

    def test_answers_null_for_an_unknown_company(self, sandbox: Sandbox) -> None:
        answer = httpx.get(f"{sandbox.url}/login/companyinfo/nobody", trust_env=False)

        assert (answer.status_code, answer.text) == (200, "null")


class TestMemberHash:
    def _proof(self, sandbox: Sandbox, member: str = "praman") -> dict[str, Any]:
        cookies = {"psa_member": member}
        answer = httpx.post(f"{sandbox.url}/member-authentication", cookies=cookies, trust_env=False)
        claims: dict[str, Any] = answer.json()
        return claims

    def _ask(self, sandbox: Sandbox, headers: dict[str, str]) -> httpx.Response:
        url = f"{sandbox.api_url}/system/myMembers/info"
        return httpx.get(url, headers={"clientId": constants.CLIENT_ID, **headers}, trust_env=False)

    def test_proves_the_member_in_a_header(self, sandbox: Sandbox) -> None:
        claims = self._proof(sandbox)
        pair = f"{claims['companyid']}+{claims['memberid']}:{claims['memberHash']}"

        answer = self._ask(sandbox, {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()})

        assert answer.json()["identifier"] == claims["memberid"] == "praman"

    def test_proves_the_member_in_cookies(self, sandbox: Sandbox) -> None:
        claims = self._proof(sandbox)
        cookie = f"companyName=summit; memberId=praman; memberHash={claims['memberHash']}; memberContext=x"

        assert self._ask(sandbox, {"cookie": cookie}).json()["identifier"] == "praman"

    def test_proves_nothing_for_somebody_else(self, sandbox: Sandbox) -> None:
        claims = self._proof(sandbox)
        cookie = f"companyName=summit; memberId=jdoe; memberHash={claims['memberHash']}"

        assert self._ask(sandbox, {"cookie": cookie}).status_code == 401

    def test_may_read_and_not_write(self, sandbox: Sandbox) -> None:
        claims = self._proof(sandbox)
        pair = ("summit+praman", claims["memberHash"])
        headers = {"clientId": constants.CLIENT_ID}

        answer = httpx.post(f"{sandbox.api_url}/schedule/entries", json={}, auth=pair, headers=headers, trust_env=False)

        assert answer.status_code == 403

    def test_expires(self) -> None:
        moment = datetime(2027, 3, 1, 12, tzinfo=UTC)
        options = Options(size="small", today=TODAY, clock=lambda: moment, hash_lifetime=timedelta(minutes=5))
        with running(options) as sandbox:
            claims = self._proof(sandbox)
            cookie = f"companyName=summit; memberId=praman; memberHash={claims['memberHash']}"
            assert self._ask(sandbox, {"cookie": cookie}).status_code == 200

            moment += timedelta(minutes=6)

            assert self._ask(sandbox, {"cookie": cookie}).status_code == 401
