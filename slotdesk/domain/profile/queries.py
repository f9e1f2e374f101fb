"""Reading how an account presents itself."""

from __future__ import annotations

from typing import Any

from slotdesk.domain.profile.models import Logo, Profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import all_accounts
from slotdesk.lib.colors import Color, ink_upon

# A mail shows the logo at most this high and wide, in pixels.
_MAIL_HEIGHT, _MAIL_WIDTH = 40, 240


def get_profile(account: Account) -> Profile:
    """Return the account's profile; an empty one, not stored, where it never said anything."""
    return Profile.objects.filter(account=account).first() or Profile(account=account)


def find_logo(*, account_id: str, digest: str) -> bytes | None:
    """Return the PNG of the account with this public id, if it is the one with this digest."""
    with all_accounts():  # whoever reads a mail or a page knows the account by this address alone
        logo = Logo.objects.filter(account__public_id=account_id, account__profile__logo_digest=digest).first()
    return bytes(logo.png) if logo else None


def brand_of_mail(account: Account, profile: Profile, *, public_url: str) -> dict[str, Any]:
    """Return what the frame of an e-mail shows: see messages/templates.py."""
    color = Color.read(account.brand_color)
    header = Color.read(profile.header_color) if profile.header_color else None
    logo = None
    if profile.logo_digest:
        scale = min(_MAIL_HEIGHT / profile.logo_height, _MAIL_WIDTH / profile.logo_width, 1)
        logo = {
            "url": f"{public_url}/brand/{account.public_id}/{profile.logo_digest}.png",
            "width": round(profile.logo_width * scale) or 1,
            "height": round(profile.logo_height * scale) or 1,
        }
    return {
        "color": color.write(),
        "ink": ink_upon(color).write(),
        "header": {"color": header.write(), "ink": ink_upon(header).write()} if header else None,
        "logo": logo,
        "footer": profile.spoken_footer,
        "privacy_url": profile.privacy_url,
    }
