"""Correcting who is asked: name, address and number of an open request; and in which language."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.booking.guests import NotAnAddress
from slotdesk.domain.booking.models import SchedulingRequest, request_token
from slotdesk.domain.booking.queries import lock_request
from slotdesk.domain.booking.states import Act, is_due
from slotdesk.domain.events.operations import record


def choose_language(*, request: SchedulingRequest, language: str) -> None:
    """Remember in which language the client reads pages and e-mails; a convenience of theirs, which tells nobody."""
    if request.language != language:
        request.language = language
        SchedulingRequest.objects.filter(pk=request.pk).update(language=language)


def change_client(*, request: SchedulingRequest, client: Client, actor: str, now: datetime) -> None:
    """
    Have an open request ask this client, at their address and number.

    With another address the link is made anew, so that whoever was written to by mistake can neither read nor book it,
    and the invitation goes to the new address if there was one. Saving what is there changes nothing. Raises
    NotAnAddress, RequestClosed.
    """
    if client.email:
        try:
            validate_email(client.email)
        except ValidationError:
            raise NotAnAddress(client.email[:80]) from None
    with transaction.atomic(durable=True):
        locked = lock_request(request)
        is_due(locked.status, Act.CHANGE_CLIENT)
        wanted = {"client_name": client.name, "client_email": client.email, "client_phone": client.phone}
        changes = {
            field.removeprefix("client_"): (getattr(locked, field), value)
            for field, value in wanted.items()
            if getattr(locked, field) != value
        }
        if not changes:
            return
        if "email" in changes:
            wanted |= {"token": request_token(), "contact_id": client.contact_id}
        for field, value in wanted.items():
            setattr(locked, field, value)
        locked.save(update_fields=[*wanted, "updated_at"])
        # The client is told of the appointment as such, not as a guest.
        locked.guests.filter(email=client.email.lower()).delete()
        kind = "request.readdressed" if "email" in changes else "request.client_changed"
        record(account=locked.account, kind=kind, subject=locked.public_id, actor=actor, now=now, changes=changes)
