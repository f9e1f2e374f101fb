"""What is written to people about their sign-in. Jobs send it, so that a mail server that is away delays it at most."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate.contrib.django import app

from slotdesk.domain.tenants.models import User

SEND_PASSWORD_LINK = "send_password_link"  # noqa: S105 (the name of a job)
SEND_RESET_NOTICE = "send_second_factor_notice"


def ask_for_password_link(email: str) -> None:
    """
    Have a link to choose a new password sent to the person with this address, if there is one.

    The same work for every address: whoever watches the clock learns nothing either.
    """
    app.configure_task(SEND_PASSWORD_LINK, queue="mail").defer(email=email[:254])


def send_password_link(*, email: str) -> None:
    """Send it; for an address that nobody signs in with, nothing happens. Raises OSError, SMTPException."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        return
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    url = reverse("account_reset_password_from_key", kwargs=key)
    _send(user, "Choose a new password", "password_link", {"url": f"{settings.PUBLIC_URL}{url}"})


def send_second_factor_notice(*, user_id: int, by: str) -> None:
    """Tell the person that their second factor was taken away. Raises OSError, SMTPException."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        url = f"{settings.PUBLIC_URL}{reverse('mfa_index')}"
        _send(user, "Your two-step sign-in was reset", "second_factor_reset", {"url": url, "by": by})


def _send(user: User, subject: str, template: str, context: dict[str, str]) -> None:
    body = render_to_string(f"account/email/{template}.txt", {"user": user} | context)
    EmailMessage(subject=subject, body=body, to=[user.email], headers={"Auto-Submitted": "auto-generated"}).send()
