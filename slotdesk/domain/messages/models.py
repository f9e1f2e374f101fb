"""E-mails: the account's own templates, and what was sent to whom, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account


def template_id() -> str:
    return new_id("tmpl")


class Email(models.Model):
    """
    One e-mail, written before it is sent.

    key          what it is sent for, such as "step:812"; the same key is never written twice
    message_id   made once, so that a mailbox knows a second delivery after a crash for what it is
    sent_at      when the mail server took it; None = not yet
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    key = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40, help_text="The request it is about.")
    kind = models.CharField(max_length=40)
    to = models.JSONField(help_text="Addresses.")
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True, help_text="The invitation that goes along, as iCalendar.")
    message_id = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Email]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="email_key_once")]
        indexes = [models.Index(fields=["account", "subject_id"], name="email_by_request")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class Template(models.Model):
    """
    An e-mail of the account's own, in place of the built-in one of its kind.

    kind      see kinds.Kind
    subject   Liquid, one line
    body      Liquid in HTML, without the account's frame; the text part is made from it
    translations   of subject and body, see events/own_texts.py
    version   grows with each change, so that nobody overwrites what they have not seen
    """

    public_id = models.CharField(max_length=32, unique=True, default=template_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=500)
    body = models.TextField(max_length=100_000)
    translations = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Template]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="template_name_once")]

    def __str__(self) -> str:
        return self.name
