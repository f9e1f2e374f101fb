from __future__ import annotations

import pytest
from pydantic import ValidationError

from slotdesk.integrations.connectwise import MANIFEST
from slotdesk.integrations.connectwise.settings import Settings


def settings(**changed: str) -> Settings:
    values = {"company_id": "acme", "public_key": "pub", "private_key": "priv", "client_id": "c-1"}
    return Settings.model_validate(values | changed)


class TestSettings:
    @pytest.mark.parametrize(
        ("typed", "api", "screens"),
        [
            ("na.myconnectwise.net", "https://api-na.myconnectwise.net", "https://na.myconnectwise.net"),
            (
                " https://EU.myconnectwise.net/v4_6/ ",
                "https://api-eu.myconnectwise.net",
                "https://eu.myconnectwise.net",
            ),
            ("api-au.myconnectwise.net", "https://api-au.myconnectwise.net", "https://au.myconnectwise.net"),
            ("psa.acme.example", "https://psa.acme.example", "https://psa.acme.example"),
        ],
    )
    def test_finds_the_api_and_the_screens_from_what_people_type(self, typed: str, api: str, screens: str) -> None:
        found = settings(site=typed)

        assert (found.api_origin, found.screen_origin) == (api, screens)
        assert MANIFEST.frame_ancestors(found) == (screens,)

    def test_goes_to_a_server_of_ones_own_when_there_is_an_address(self) -> None:
        found = settings(base_url="http://10.0.0.5:8080/")

        assert found.api_origin == found.screen_origin == "http://10.0.0.5:8080"

    @pytest.mark.parametrize(
        "changed",
        [
            {"site": "not a host"},
            {"base_url": "ftp://psa.example"},
            {"base_url": "https://psa.example/path"},
            {"base_url": "https://user:secret@psa.example"},
            {"company_id": "a+b"},
            {"company_id": "../evil"},
            {"public_key": "with:colon"},
            {"client_id": "c\r\nX-Evil: 1"},
        ],
    )
    def test_refuses_what_would_break_an_address_or_a_header(self, changed: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            settings(**changed)

    def test_shows_no_private_key_when_printed(self) -> None:
        assert "priv'" not in repr(settings(private_key="priv"))

    @pytest.mark.parametrize(
        ("url", "is_own"),
        [
            ("https://na.myconnectwise.net/x", True),
            ("https://API-NA.myconnectwise.net/x", True),
            ("http://na.myconnectwise.net/x", False),
            ("https://na.myconnectwise.net.evil.example/x", False),
            ("https://na.myconnectwise.net@evil.example/x", False),
            ("https://eu.myconnectwise.net/x", False),
            ("https://na.myconnectwise.net:8443/x", False),
            ("", False),
        ],
    )
    def test_knows_its_own_addresses_by_scheme_host_and_port(self, url: str, is_own: bool) -> None:
        assert settings().is_own_address(url) is is_own
