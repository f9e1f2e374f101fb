"""Signing in, by django-allauth: what is ours to say about it."""

from __future__ import annotations

import smtplib
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from slotdesk.domain.sign_in.mails import ask_for_password_link
from slotdesk.lib.crypto import Vault

_log = structlog.get_logger(__name__)


class AskForPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """A new password is asked for by an address, whether or not anybody has it."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **_kwargs: Any) -> str:
        ask_for_password_link(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited, also those who ask by themselves: an address is proved before anybody exists."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Tell the person what changed. It has changed already, so a mail server that is away is no reason to fail."""
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("sign_in_notice_not_sent", template=template_prefix, user=user.pk, error=type(error).__name__)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted at rest, as vendors' credentials are."""

    def get_totp_issuer(self) -> str:
        return "Slotdesk"

    def encrypt(self, text: str) -> str:
        return Vault(settings.ENCRYPTION_KEYS).encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return Vault(settings.ENCRYPTION_KEYS).decrypt(encrypted_text)
