"""
Proving an e-mail address by a code.

Whoever asks is always told the same: whether an address is known is found out by a job, and only its owner learns it,
by the code. The code is made from the row and the installation's own key, so that the job that writes the e-mail can
make it, and it is stored nowhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from procrastinate.contrib.django import app

from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.tenants.models import Account

SEND = "send_email_proof"
LIFETIME = timedelta(minutes=20)
MOST_TRIES = 5
_DIGITS = 6


class ProofOver(Exception):
    """There is no such proof any more: it ran out, or too many wrong codes were tried. A new code can be asked for."""


class WrongCode(Exception):
    """This is not the code. left: how many more may be tried."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@transaction.atomic(durable=True)
def ask_for_proof(*, account: Account, email: str, ticket_number: str, now: datetime, language: str = "") -> EmailProof:
    """
    Have a code sent to the address, if it belongs to the ticket (empty = to any address), and return the proof.

    The same for an address that is known and for one that is not. language: of the e-mail, empty = the account's.
    """
    proof = EmailProof.objects.create(
        account=account,
        email=email.strip().lower(),
        ticket_number=ticket_number,
        language=language,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    defer_sending(proof.pk)
    return proof


def defer_sending(proof_id: int) -> None:
    """Have a worker look at the proof soon; two jobs for one do not run at once."""
    app.configure_task(SEND, queue="mail", lock=f"{SEND}:{proof_id}").defer(proof_id=proof_id)


def prove(*, public_id: str, code: str, now: datetime) -> EmailProof:
    """
    Return the proof, once the code is right. Trying it again with the right code changes nothing.

    Raises WrongCode, ProofOver.
    """
    with transaction.atomic(durable=True):
        proof = EmailProof.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
        if proof is None or proof.expires_at <= now or proof.tries >= MOST_TRIES:
            raise ProofOver
        is_right = constant_time_compare("".join(code.split()), code_of(proof))
        # An address that was refused has a code as well, which nobody was ever sent.
        if is_right and proof.state in (EmailProof.State.SENT, EmailProof.State.PROVED):
            proof.state = EmailProof.State.PROVED
        else:
            proof.tries += 1
        proof.save(update_fields=["state", "tries"])
    if proof.state != EmailProof.State.PROVED or not is_right:
        raise WrongCode(MOST_TRIES - proof.tries)
    return proof


def find_proof(public_id: str) -> EmailProof | None:
    return EmailProof.objects.filter(public_id=public_id).first()


def code_of(proof: EmailProof) -> str:
    """Six digits, for the owner of the address alone."""
    made = salted_hmac("slotdesk.email-proof", f"{proof.public_id}:{proof.email}", algorithm="sha256").hexdigest()
    return f"{int(made, 16) % 10**_DIGITS:0{_DIGITS}}"
