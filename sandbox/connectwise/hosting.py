"""Hosted setups: which page stands in a screen of the PSA, and at what address for one record."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from .errors import invalid
from .store import Doc, Store

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa

NOUN = "connectWiseHostedSetup"
TYPES = ("Tab", "Pod", "ToolbarButton")


def prepare(psa: Psa, doc: Doc, _old: Doc | None, caller: Caller) -> Doc:
    """Check kind, screen and address."""
    if doc["type"] not in TYPES:
        raise invalid(NOUN, "type", f"The type must be one of {', '.join(TYPES)}.")
    if psa.store.find("hostedScreens", doc["screenId"]) is None:
        raise invalid(NOUN, "screenId", f"The screenId {doc['screenId']} does not exist.")
    if urlsplit(str(doc["url"])).scheme not in ("http", "https"):
        raise invalid(NOUN, "url", "The url must be a web address.")
    return {"disabledFlag": False, "createdBy": caller.identifier, **doc}


def pods_for(store: Store, screen_name: str) -> list[Doc]:
    """The enabled pods of one screen ("Service Ticket"), oldest first."""
    ids = [screen["id"] for screen in store.all("hostedScreens") if screen["name"] == screen_name]
    return [
        setup
        for setup in store.all("hostedSetups")
        if setup["screenId"] in ids and setup["type"] == "Pod" and not setup.get("disabledFlag")
    ]


def pod_address(setup: Doc, *, record_id: int, screen: str) -> tuple[str, str]:
    """The address for one record, its tokens replaced, and the origin that messages go to."""
    url = str(setup["url"]).replace("[cw_id]", str(record_id)).replace("[cw_screen]", quote(screen))
    parts = urlsplit(url)
    return url, f"{parts.scheme}://{parts.netloc}"
