"""
Our page in the PSA's ticket screens: installing it and moving it.

https://developer.connectwise.com/Hosted_APIs
"""

from __future__ import annotations

from urllib.parse import urlsplit

from slotdesk.integrations.connectwise import client
from slotdesk.integrations.connectwise.session import Session
from slotdesk.ports.errors import UnexpectedReply

_DESCRIPTION = "Slotdesk"
_HEIGHT = 700  # whom to ask, the button, and the latest request below it


def ensure_panel(session: Session, *, url: str, client_id: str) -> None:
    """Have a pod with this address on every ticket screen. People then add it to their own layout once."""
    parts = urlsplit(url)
    address = f"{url}{'&' if '?' in url else '?'}id=[cw_id]&screen=[cw_screen]"
    screens = [screen for screen in client.list_hosted_screens(session) if "ticket" in screen.name.casefold()]
    if not screens:
        raise UnexpectedReply("ConnectWise names no ticket screen that could show the panel.")
    present = {s.screen_id: s for s in client.list_hosted_setups(session) if s.description == _DESCRIPTION}
    for screen in screens:
        setup = present.get(screen.id)
        if setup is None:
            values = {
                "screenId": screen.id,
                "description": _DESCRIPTION,
                "url": address,
                "type": "Pod",
                "origin": f"{parts.scheme}://{parts.netloc}",
                "clientId": client_id,
                "podHeight": _HEIGHT,
                "disabledFlag": False,
            }
            client.create_hosted_setup(session, values)
        elif setup.url != address or setup.disabled_flag:
            client.change_hosted_setup(
                session,
                setup.id,
                {"url": address, "origin": f"{parts.scheme}://{parts.netloc}", "disabledFlag": False},
            )
