from ipaddress import ip_address

import pytest

from slotdesk.lib.addresses import is_in, is_public, parse_networks


class TestIsPublic:
    @pytest.mark.parametrize("text", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"])
    def test_accepts_an_address_of_the_open_internet(self, text: str) -> None:
        assert is_public(ip_address(text))

    @pytest.mark.parametrize(
        "text",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "ff02::1",
        ],
    )
    def test_refuses_private_link_local_metadata_and_reserved_addresses(self, text: str) -> None:
        assert not is_public(ip_address(text))

    @pytest.mark.parametrize("text", ["::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::ffff:169.254.169.254"])
    def test_refuses_a_private_address_wrapped_in_a_public_looking_one(self, text: str) -> None:
        assert not is_public(ip_address(text))


class TestIsIn:
    def test_finds_the_network_also_when_the_address_is_wrapped(self) -> None:
        networks = parse_networks(["10.0.0.0/8", " 192.168.1.7 ", ""])

        assert is_in(ip_address("::ffff:10.1.1.1"), networks)
        assert is_in(ip_address("192.168.1.7"), networks)
        assert not is_in(ip_address("192.168.1.8"), networks)

    def test_names_a_network_that_cannot_be_read(self) -> None:
        with pytest.raises(ValueError, match=r"10[.]0[.]0[.]0/99"):
            parse_networks(["10.0.0.0/99"])
