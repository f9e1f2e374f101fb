"""What is written to people about their sign-in."""

from __future__ import annotations

import smtplib

from procrastinate import RetryStrategy

from slotdesk.domain.sign_in import mails
from slotdesk.jobs.tasks import task

# For an hour and a half: a link that comes later than that has been asked for again.
_AGAIN = RetryStrategy(max_attempts=7, exponential_wait=4, retry_exceptions=[OSError, smtplib.SMTPException])


@task(mails.SEND_PASSWORD_LINK, queue="mail", retry=_AGAIN)
def send_password_link(*, email: str) -> None:
    mails.send_password_link(email=email)


@task(mails.SEND_RESET_NOTICE, queue="mail", retry=_AGAIN)
def send_second_factor_notice(*, user_id: int, by: str) -> None:
    mails.send_second_factor_notice(user_id=user_id, by=by)
