"""What links send by themselves."""

from __future__ import annotations

import contextlib

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from slotdesk.domain.links.proof_mail import list_unsent_proofs, send_proof
from slotdesk.domain.links.proofs import SEND
from slotdesk.jobs.tasks import every, task
from slotdesk.ports.errors import PortError


@task(SEND, queue="mail")
def send_email_proof(*, proof_id: int) -> None:
    with contextlib.suppress(PortError):  # the clock tries again
        send_proof(proof_id=proof_id, now=timezone.now())


@every("* * * * * */20", "send_email_proofs", queue="mail")
def send_email_proofs() -> None:
    """What a vendor that was away, or a worker that died, left unsent; a visitor waits for it, so it is tried often."""
    for proof_id in list_unsent_proofs(now=timezone.now()):
        name = f"{SEND}:{proof_id}"
        with contextlib.suppress(AlreadyEnqueued):
            app.configure_task(SEND, queue="mail", lock=name, queueing_lock=name).defer(proof_id=proof_id)
