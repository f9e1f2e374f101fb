"""What tests of visits by links send and look at. The link is /jordan/call/, see conftest.py."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.links.proof_mail import list_unsent_proofs, send_proof
from slotdesk.domain.links.proofs import code_of
from slotdesk.domain.tenants.scope import active, all_accounts
from tests.support.factories import NOW

ELEVEN = NOW + timedelta(hours=2)
KEY = "aaaaaaaaaaaaaaaa"


def answers(**changed: str) -> dict[str, str]:
    return {
        "start": str(int(ELEVEN.timestamp())),
        "zone": "Europe/Berlin",
        "name": "Nina New",
        "email": "nina@newcomer.example",
        "company": "Newcomer Ltd",
        "phone": "(212) 555-0187",
        "key": KEY,
    } | changed


def change(kind: AppointmentType, **fields: Any) -> None:
    with active(kind.account):
        AppointmentType.objects.filter(pk=kind.pk).update(**fields)


def booked() -> list[Appointment]:
    with all_accounts():
        return list(Appointment.objects.order_by("id").select_related("request"))


def send_codes() -> None:
    for pk in list_unsent_proofs(now=NOW):
        send_proof(proof_id=pk, now=NOW)


def last_code() -> str:
    with all_accounts():
        return code_of(EmailProof.objects.latest("id"))


def hidden(page: str) -> dict[str, str]:
    """What the page's forms send along."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
