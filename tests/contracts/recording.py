"""A door that also writes down what goes through it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from slotdesk.lib.http import Door, Reply


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    One call and its reply.

    body   as it went out: JSON read back from its text, None when there was none
    """

    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, str]
    body: Any
    reply: Reply

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def recording_door(exchanges: list[Exchange]) -> Callable[..., Door]:
    """Make doors that add to the list."""

    class RecordingDoor(Door):
        def request(self, method: str, url: str, **rest: Any) -> Reply:
            reply = super().request(method, url, **rest)
            body = json.loads(json.dumps(rest.get("json")))
            exchanges.append(Exchange(method, url, rest.get("headers") or {}, rest.get("params") or {}, body, reply))
            return reply

    return RecordingDoor
