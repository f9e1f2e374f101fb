"""What is kept about a client of the active account, found by their e-mail address."""

from __future__ import annotations

from django.db.models import QuerySet

from slotdesk.domain.booking.models import Guest, SchedulingRequest
from slotdesk.domain.connections.models import InboundCall
from slotdesk.domain.messages.models import Email
from slotdesk.domain.privacy.models import Retention
from slotdesk.domain.tenants.models import Account


def get_retention(account: Account) -> Retention:
    """Return how long the account keeps what; the defaults, not stored, where it never said."""
    return Retention.objects.filter(account=account).first() or Retention(account=account)


def requests_of(email: str) -> QuerySet[SchedulingRequest]:
    """Requests to this address, in any case of its letters."""
    return SchedulingRequest.objects.filter(client_email__iexact=email)


def guests_with(email: str) -> QuerySet[Guest]:
    """Where the address was named as a guest's, in anybody's requests."""
    return Guest.objects.filter(email__iexact=email)


def emails_to(email: str) -> QuerySet[Email]:
    """E-mails that went to this address. Addresses are kept as they were entered, hence both ways of writing it."""
    return Email.objects.filter(to__icontains=f'"{email}"')


def calls_about(email: str) -> QuerySet[InboundCall]:
    """Vendors' calls that mention the address."""
    return InboundCall.objects.filter(body__icontains=email)
