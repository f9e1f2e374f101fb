"""What one address, one mailbox and one account may do: bots stay small, and offices behind one address work."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from slotdesk.domain.tenants.models import Account
from slotdesk.web.rates import Rate

_HOUR = timedelta(hours=1)
_CODES_BY_ADDRESS = Rate("codes-address", 20, _HOUR)
_CODES_BY_MAILBOX = Rate("codes-mailbox", 5, _HOUR)
_CODES_BY_ACCOUNT = Rate("codes-account", 300, _HOUR)
_BOOKINGS_BY_ADDRESS = Rate("bookings-address", 30, _HOUR)
_BOOKINGS_BY_ACCOUNT = Rate("bookings-account", 600, _HOUR)
_WISHES_BY_ADDRESS = Rate("wishes-address", 20, _HOUR)
_WISHES_BY_ACCOUNT = Rate("wishes-account", 600, _HOUR)

RETRY_AFTER = int(_HOUR.total_seconds())


def may_ask_for_code(request: HttpRequest, account: Account, email: str) -> bool:
    """Whether one more code may be sent; asking counts."""
    return all(
        (
            _CODES_BY_ADDRESS.spend(_address(request)),
            _CODES_BY_MAILBOX.spend(f"{account.pk}:{email.strip().lower()}"),
            _CODES_BY_ACCOUNT.spend(str(account.pk)),
        )
    )


def may_book(request: HttpRequest, account: Account) -> bool:
    """Whether one more booking by a public link may be tried; asking counts."""
    return all((_BOOKINGS_BY_ADDRESS.spend(_address(request)), _BOOKINGS_BY_ACCOUNT.spend(str(account.pk))))


def may_ask_to_be_told(request: HttpRequest, account: Account) -> bool:
    """Whether one more may ask to be told when a time opens; asking counts."""
    return all((_WISHES_BY_ADDRESS.spend(_address(request)), _WISHES_BY_ACCOUNT.spend(str(account.pk))))


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
