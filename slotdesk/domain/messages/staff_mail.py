"""
E-mails to the account's own people. They are made when they are sent and kept nowhere, since their links are keys.

What is to be sent is a row: a job tries at once, the clock tries again, until the mail server took it or refused it.
"""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMultiAlternatives

from slotdesk.domain.messages.operations import hand_over, sender_domain, sender_of
from slotdesk.domain.messages.templates import StaffKind, render
from slotdesk.domain.messages.words import say_moment
from slotdesk.domain.people.invitations import InvitationState, invitation_link, state_of
from slotdesk.domain.tenants.models import Invitation
from slotdesk.domain.tenants.scope import active, all_accounts
from slotdesk.ports import errors


def send_invitation(*, invitation_id: int, now: datetime) -> None:
    """
    Write to the invited person, unless that was done or the invitation is over.

    An address that the mail server refuses for good is noted with the invitation. After a crash between the server's
    yes and our record the same e-mail goes out once more, with the same Message-ID. Raises ports.errors.Unreachable.
    """
    with all_accounts():  # an invitation is found by its id alone; what follows looks at its own account only
        invitation = Invitation.objects.select_related("account", "role").filter(pk=invitation_id).first()
    if invitation is None or invitation.sent_at or invitation.problem:
        return
    if state_of(invitation, now=now) != InvitationState.OPEN:
        return
    outcome: dict[str, object] = {"sent_at": now}
    try:
        hand_over(_compose(invitation))
    except errors.Rejected as error:
        outcome = {"problem": str(error)[:255]}
    with active(invitation.account):
        # One that was renewed meanwhile has a new link, which is still to be sent.
        Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest).update(**outcome)


def list_unsent_invitations(*, now: datetime) -> list[int]:
    """Invitations that still wait for the mail server, the oldest first."""
    with all_accounts():  # the clock looks after everybody's
        waiting = Invitation.objects.filter(sent_at=None, problem="", accepted_at=None, revoked_at=None)
        return list(waiting.filter(expires_at__gt=now).order_by("id").values_list("pk", flat=True))


def _compose(invitation: Invitation) -> EmailMultiAlternatives:
    account = invitation.account
    made = render(
        StaffKind.STAFF_INVITATION,
        {
            "account": {"name": account.name},
            "invitation": {
                "url": invitation_link(invitation),
                "invited_by": invitation.invited_by,
                "role": invitation.role.name,
                "expires": say_moment(invitation.expires_at, zone=account.zone, country=account.country),
            },
        },
    )
    message = EmailMultiAlternatives(
        subject=made.subject,
        body=made.text,
        from_email=sender_of(account.name),
        to=[invitation.email],
        headers={
            "Message-ID": f"<{invitation.public_id}.{invitation.expires_at:%Y%m%d%H%M%S}@{sender_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(made.html, "text/html")
    return message
