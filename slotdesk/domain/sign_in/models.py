"""An account's own way of signing in: the identity provider of the firm."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.tenants.models import Account, Role


class SingleSignOn(models.Model):
    """
    How an account's people sign in through their firm. An account has one.

    public_id     made from the account's, see public_id_of
    settings      OidcSettings or SamlSettings, sealed
    domains       of the addresses that are accepted from this provider, in lower case; never empty
    default_role  what somebody who is new becomes at their first sign-in; None = only people who have a place may come
    tested_at     when an administrator last went there and came back; needed before it is turned on
    is_on         whether it is offered; is_required: whether it is the only way, administrators excepted
    """

    class Protocol(models.TextChoices):
        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    class Vendor(models.TextChoices):
        ENTRA = "entra", "Microsoft Entra ID"
        GOOGLE = "google", "Google Workspace"
        OTHER = "other", pgettext_lazy("staff", "Another provider")

    public_id = models.CharField(max_length=32, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    protocol = models.CharField(max_length=8, choices=Protocol.choices)
    vendor = models.CharField(max_length=8, choices=Vendor.choices, default=Vendor.OTHER)
    label = models.CharField(max_length=40)
    settings = models.TextField()
    domains = ArrayField(models.CharField(max_length=253))
    default_role = models.ForeignKey(Role, on_delete=models.SET_NULL, null=True, related_name="+")
    is_on = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    tested_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[SingleSignOn]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account"], name="single_sign_on_once")]

    def __str__(self) -> str:
        return self.label
