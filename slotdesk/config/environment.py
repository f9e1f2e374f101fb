"""Typed readers of environment variables. They fail loudly, naming the variable and what it should hold."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from pathlib import Path


class BadSetting(Exception):
    """An environment variable is missing or cannot be read; the message names it and says what to do."""


def read_text(name: str, default: str | None = None) -> str:
    """Return the variable, or the content of the file that `<name>_FILE` names; without default it must be given."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{name}_FILE: cannot read {path} ({error}).") from error
    value = os.environ.get(name, default)
    if value is None:
        raise BadSetting(f"{name}: is required; set it, or {name}_FILE to the path of a file that holds it.")
    return value


def read_flag(name: str, default: bool = False) -> bool:
    """Return true for 1, true, yes, on; false for 0, false, no, off and empty."""
    value = os.environ.get(name)
    if value is None:
        return default
    match value.strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off" | "":
            return False
    raise BadSetting(f"{name}: must be true or false, not {value!r}.")


def read_int(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError as error:
        raise BadSetting(f"{name}: must be a whole number, not {value!r}.") from error
    if number < least:
        raise BadSetting(f"{name}: must be at least {least}, not {number}.")
    return number


def read_list(name: str, default: str = "") -> list[str]:
    """Return the comma-separated items, trimmed, without empty ones."""
    return [item.strip() for item in read_text(name, default).split(",") if item.strip()]


def read_choice(name: str, default: str, choices: Sequence[str]) -> str:
    """Return one of the choices, whatever case it is written in."""
    value = read_text(name, default).upper()
    if value not in choices:
        raise BadSetting(f"{name}: must be one of {', '.join(choices)}, not {value!r}.")
    return value


def read_networks(name: str, default: str = "") -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Return the comma-separated networks, such as 10.0.0.0/8; a single address is a network of one."""
    networks = []
    for item in read_list(name, default):
        try:
            networks.append(ipaddress.ip_network(item))
        except ValueError as error:
            raise BadSetting(f"{name}: {item!r} is no network; write it like 10.0.0.0/8.") from error
    return tuple(networks)
