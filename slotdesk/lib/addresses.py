"""Which network addresses the program may reach out to."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# NAT64 carries an IPv4 address in its last 32 bits (RFC 6052), so a private one can hide behind a public prefix.
_NAT64 = IPv6Network("64:ff9b::/96")


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read networks such as "10.0.0.0/8" or "192.168.1.7". Raises ValueError naming the bad one."""
    return tuple(ip_network(text.strip()) for text in texts if text.strip())


def is_public(address: Address) -> bool:
    """
    Tell whether the address belongs to the open internet.

    False for private, shared (100.64/10), loopback, link-local, cloud metadata, multicast, reserved and unspecified
    addresses, and for an IPv6 address that carries one of them.
    """
    inner = _inner(address)
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def is_in(address: Address, networks: Iterable[Network]) -> bool:
    """Tell whether one of the networks holds the address; an IPv6 address that carries an IPv4 one counts as that."""
    inner = _inner(address)
    return any(inner in network for network in networks)


def _inner(address: Address) -> Address:
    """The address that packets end up at, once tunnels and translators have unwrapped it."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address
