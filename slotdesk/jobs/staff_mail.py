"""E-mails to the account's own people."""

from __future__ import annotations

import contextlib

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from slotdesk.domain.messages.staff_mail import list_unsent_invitations, send_invitation
from slotdesk.domain.people import join_domains
from slotdesk.domain.people.invitations import SEND
from slotdesk.domain.people.join_domains import ASK
from slotdesk.jobs.tasks import every, task
from slotdesk.ports.errors import Unreachable


@task(SEND, queue="mail")
def send_staff_invitation(*, invitation_id: int) -> None:
    with contextlib.suppress(Unreachable):  # the clock tries again
        send_invitation(invitation_id=invitation_id, now=timezone.now())


@task(ASK, queue="mail")
def invite_by_domain(*, email: str) -> None:
    join_domains.invite_by_domain(email=email, now=timezone.now())


@every("*/2 * * * *", "send_staff_invitations", queue="mail")
def send_staff_invitations() -> None:
    """What a mail server that was away, or a worker that died, left unsent. Two jobs for one are never run at once."""
    for invitation_id in list_unsent_invitations(now=timezone.now()):
        name = f"{SEND}:{invitation_id}"
        with contextlib.suppress(AlreadyEnqueued):
            app.configure_task(SEND, queue="mail", lock=name, queueing_lock=name).defer(invitation_id=invitation_id)
