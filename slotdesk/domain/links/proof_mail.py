"""Sending the codes: whether an address belongs to a ticket is looked up here, away from whoever asked."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.links.models import EmailProof
from slotdesk.domain.links.proofs import LIFETIME, code_of
from slotdesk.domain.messages.operations import hand_over, sender_domain, sender_of
from slotdesk.domain.messages.templates import CodeKind, render
from slotdesk.domain.profile.queries import brand_of_mail, get_profile
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports import errors
from slotdesk.ports.psa import Contact, Psa, Ticket


def send_proof(*, proof_id: int, now: datetime) -> None:
    """
    Send the code, unless that was done or the proof is over; of a ticket, only to an address that belongs to it.

    After a crash between the mail server's yes and our record the same e-mail goes out once more, with the same
    Message-ID. Raises ports.errors.PortError where the PSA or the mail server cannot be asked now.
    """
    with all_accounts():  # a proof is found by its id alone; what follows looks at its own account only
        proof = EmailProof.objects.select_related("account").filter(pk=proof_id).first()
    if proof is None or proof.state != EmailProof.State.WAITING or proof.expires_at <= now:
        return
    with active(proof.account):
        ticket = _look_up(proof) if proof.ticket_number else {}
        state = EmailProof.State.REFUSED if ticket is None else EmailProof.State.SENT
        if ticket is not None:
            try:
                hand_over(_compose(proof))
            except errors.Rejected:
                state = EmailProof.State.REFUSED
        changes = {"state": state, "ticket": ticket or {}}
        EmailProof.objects.filter(pk=proof.pk, state=EmailProof.State.WAITING).update(**changes)


def list_unsent_proofs(*, now: datetime, limit: int = 200) -> list[int]:
    """Proofs that still wait for a vendor, the oldest first."""
    with all_accounts():  # the clock looks after everybody's
        waiting = EmailProof.objects.filter(state=EmailProof.State.WAITING, expires_at__gt=now)
        return list(waiting.order_by("expires_at").values_list("pk", flat=True)[:limit])


def _look_up(proof: EmailProof) -> dict[str, str] | None:
    """What the PSA says of the ticket and of whoever has the address; None where the one is not of the other."""
    psa = find_psa()
    if psa is None:
        return None
    adapter = open_psa(psa, seconds=PATIENT)
    ticket = adapter.find_ticket(proof.ticket_number)
    contact = _contact_of(adapter, psa, ticket, proof.email) if ticket else None
    if ticket is None or contact is None:
        return None
    return {
        "number": ticket.number,
        "summary": ticket.summary[:255],
        "company": ticket.company.name if ticket.company else "",
        "contact_id": contact.id,
        "name": contact.name,
        "phone": contact.phone,
        "is_closed": "yes" if ticket.is_closed else "",
    }


def _contact_of(adapter: Psa, psa: Connection, ticket: Ticket, email: str) -> Contact | None:
    """The ticket's own contact, or another one of its company, with this address."""
    if ticket.contact is not None and ticket.contact.email.lower() == email:
        return ticket.contact
    if ticket.company is None:
        return None
    found = adapter.find_contacts_by_email(email)
    return next((each for each in found if each.company and each.company.id == ticket.company.id), None)


def _compose(proof: EmailProof) -> EmailMultiAlternatives:
    account = proof.account
    with translation.override(proof.language or account.language):
        values = {
            "account": {"name": account.name},
            "brand": brand_of_mail(account, get_profile(account), public_url=settings.PUBLIC_URL),
            "code": code_of(proof),
            "minutes": int(LIFETIME.total_seconds() // 60),
        }
        made = render(CodeKind.EMAIL_CODE, values)
    message = EmailMultiAlternatives(
        subject=made.subject,
        body=made.text,
        from_email=sender_of(account.name),
        to=[proof.email],
        headers={"Message-ID": f"<{proof.public_id}@{sender_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(made.html, "text/html")
    return message
