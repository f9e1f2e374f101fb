"""Writing and sending e-mails: written once, sent until the mail server has taken it."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from slotdesk.domain.messages.models import Email
from slotdesk.domain.messages.templates import Message
from slotdesk.domain.tenants.models import Account
from slotdesk.ports import errors


@transaction.atomic(durable=True)
def write_email(
    *,
    account: Account,
    key: str,
    subject_id: str,
    kind: str,
    to: Sequence[str],
    message: Message,
    calendar: str,
    now: datetime,
) -> Email:
    """Write an e-mail down to be sent, or return the one that was written with this key before."""
    email, _created = Email.objects.get_or_create(
        account=account,
        key=key,
        defaults={
            "subject_id": subject_id,
            "kind": kind,
            "to": list(to),
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "calendar": calendar,
            "message_id": make_msgid(domain=sender_domain()),
            "created_at": now,
        },
    )
    return email


def send_email(email: Email, *, now: datetime) -> None:
    """
    Hand the e-mail to the mail server; one that it has taken already is not sent again.

    After a crash between the server's yes and our record the e-mail goes out once more with the same Message-ID, by
    which mailboxes know it. Raises ports.errors.Rejected for an address that will never do, otherwise Unreachable.
    """
    if email.sent_at is not None:
        return
    hand_over(_compose(email))
    Email.objects.filter(pk=email.pk, sent_at=None).update(sent_at=now)


def hand_over(message: EmailMultiAlternatives) -> None:
    """
    Give the message to the mail server.

    Raises ports.errors.Rejected for an address that will never do, otherwise Unreachable.
    """
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _text in error.recipients.values()}
        reason = f"The mail server refused {', '.join(error.recipients)}."
        raise (errors.Rejected if min(codes) >= 500 else errors.Unreachable)(reason) from error
    except smtplib.SMTPResponseException as error:
        reason = f"The mail server answered {error.smtp_code}."
        # Signing in that fails is ours to mend, so the e-mail waits for it.
        is_final = error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
        raise (errors.Rejected if is_final else errors.Unreachable)(reason) from error
    except (smtplib.SMTPException, OSError) as error:
        raise errors.Unreachable("The mail server cannot be reached.") from error


def _compose(email: Email) -> EmailMultiAlternatives:
    account = email.account
    message = EmailMultiAlternatives(
        subject=email.subject,
        body=email.text,
        from_email=sender_of(account.name),
        to=email.to,
        reply_to=[account.support_email] if account.support_email else None,
        headers={"Message-ID": email.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(email.html, "text/html")
    if email.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in email.calendar else "REQUEST"
        message.attach_alternative(email.calendar, f"text/calendar; method={method}")
        message.attach("invite.ics", email.calendar, "text/calendar")
    return message


def sender_of(name: str) -> str:
    """Our address with this name before it."""
    user, _, domain = _sender_address().rpartition("@")
    return str(Address(display_name=name, username=user, domain=domain))


def sender_domain() -> str:
    return _sender_address().rpartition("@")[2]


def _sender_address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
