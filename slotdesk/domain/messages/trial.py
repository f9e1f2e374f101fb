"""A template tried by whoever writes it, in an e-mail to themselves."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives

from slotdesk.domain.messages.operations import hand_over, sender_of
from slotdesk.domain.messages.templates import Message
from slotdesk.domain.tenants.models import Account


def send_trial(*, account: Account, message: Message, to: str) -> None:
    """
    Send the message as a client would get it, marked as a test; it is kept nowhere and belongs to no request.

    Raises ports.errors.Rejected for an address that will never do, otherwise Unreachable.
    """
    mail = EmailMultiAlternatives(
        subject=f"[Test] {message.subject}",
        body=message.text,
        from_email=sender_of(account.name),
        to=[to],
        reply_to=[account.support_email] if account.support_email else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.html, "text/html")
    hand_over(mail)
