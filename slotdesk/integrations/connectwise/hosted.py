"""
Who looks at the panel, proved by the PSA.

The PSA's page hands the panel a member's name and a hash that is good while the member is signed in. Nothing of that is
believed: the hash is shown to the configured server, which answers whose it is.
https://developer.connectwise.com/Hosted_APIs
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from slotdesk.integrations.connectwise import client
from slotdesk.integrations.connectwise.session import Session
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.lib.http import Door
from slotdesk.ports.errors import NotAuthorized
from slotdesk.ports.psa import Viewer

# What may stand in a cookie as it is: no control characters, nothing that would end it.
_IDENTIFIER = re.compile(r"[A-Za-z0-9._@-]{1,60}")
_SECRET = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,2000}")


def prove_viewer(settings: Settings, claims: Mapping[str, str], *, door: Door, until: float) -> Viewer:
    """
    Return the member whose hash the claims hold. Raises NotAuthorized.

    claims   site, companyid, memberid, memberHash, memberContext (optional), as the PSA's page gave them
    """
    member, secret, context = (claims.get(name, "") for name in ("memberid", "memberHash", "memberContext"))
    is_ours = settings.is_own_address(claims.get("site", ""))
    if not is_ours or claims.get("companyid", "").casefold() != settings.company_id.casefold():
        raise NotAuthorized("The panel was opened in another ConnectWise than the connected one.")
    if (
        not _IDENTIFIER.fullmatch(member)
        or not _SECRET.fullmatch(secret)
        or (context and not _SECRET.fullmatch(context))
    ):
        raise NotAuthorized("ConnectWise did not say who is looking.")
    if member.casefold() == settings.public_key.casefold():
        raise NotAuthorized("An API key is not a person.")
    found = None
    for credentials in (_cookies(settings, member, secret, context), _basic(settings, member, secret)):
        session = Session(settings, door=door, until=until, credentials=credentials)
        try:
            found = client.get_my_member(session)
            break
        except NotAuthorized:
            continue  # servers differ in which of the two forms they take
    if found is None or found.identifier.casefold() != member.casefold() or found.inactive_flag:
        raise NotAuthorized("ConnectWise does not confirm who is looking. Reload the ticket and try again.")
    name = f"{found.first_name} {found.last_name}".strip() or found.identifier
    return Viewer(
        member_id=str(found.id),
        identifier=found.identifier,
        name=name,
        email=found.default_email if "@" in found.default_email else "",
    )


def _cookies(settings: Settings, member: str, secret: str, context: str) -> dict[str, str]:
    values = {
        "companyName": settings.company_id,
        "memberId": member,
        "memberHash": secret,
        **({"memberContext": context} if context else {}),
    }
    return {"cookie": "; ".join(f"{name}={value}" for name, value in values.items())}


def _basic(settings: Settings, member: str, secret: str) -> dict[str, str]:
    pair = f"{settings.company_id}+{member}:{secret}"
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
