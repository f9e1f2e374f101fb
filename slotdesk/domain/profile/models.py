"""How an account presents itself to clients, and where its people find help."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from slotdesk.domain.events.own_texts import in_spoken
from slotdesk.domain.tenants.models import Account


class Profile(models.Model):
    """
    Texts and links. An account without a row has none.

    greeting      above the times
    footer        below every page and mail for clients
    header_color  "#rrggbb" of the band above both, in light and dark alike; empty = none, as the page is
    most_open_bookings   how many appointments to come a client may have booked by links; 0 = any number
    logo_digest   of the logo, part of its address; empty = none
    help_url      where the account's own people get help, such as a page to book a review
    websites      which may show booking pages inside their own, see embedding.py: ["https://www.example.com", ...]
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="profile")
    greeting = models.CharField(max_length=300, blank=True)
    footer = models.CharField(max_length=300, blank=True)
    header_color = models.CharField(max_length=7, blank=True)
    privacy_url = models.URLField(max_length=300, blank=True)
    translations = models.JSONField(default=dict, help_text="Of greeting and footer, see events/own_texts.py.")
    help_url = models.URLField(max_length=300, blank=True)
    most_open_bookings = models.PositiveSmallIntegerField(default=5)
    websites = models.JSONField(default=list, editable=False)
    logo_digest = models.CharField(max_length=16, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager[Profile]] = ScopedManager(account="account")

    def __str__(self) -> str:
        return f"Profile of {self.account}"

    @property
    def spoken_greeting(self) -> str:
        """The greeting in the language that is spoken."""
        return in_spoken(self.translations, "greeting", self.greeting)

    @property
    def spoken_footer(self) -> str:
        return in_spoken(self.translations, "footer", self.footer)


class Logo(models.Model):
    """The picture itself, as PNG, in a table of its own so that no page reads it along."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="logo")
    png = models.BinaryField()

    objects: ClassVar[models.Manager[Logo]] = ScopedManager(account="account")

    def __str__(self) -> str:
        return f"Logo of {self.account}"
