"""What happened: one row a fact, never changed, the audit trail and the source of every effect."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from slotdesk.domain.tenants.models import Account


class Event(models.Model):
    """
    A fact.

    kind         such as "appointment.booked"; docs/reference/events.md lists them
    subject      public id of what it happened to
    actor        who did it, as staff should read it; empty for the system
    member_id    public id of the member who did it, where one is known; address: from where
    data         what else is worth knowing; plain JSON, no secrets
    changes      {field: [before, after]} of an edit; secrets are never among them
    advanced_at  when its effects were made into step runs; None = still to do
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    actor = models.CharField(max_length=160, blank=True)
    member_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)
    data = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    advanced_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Event]] = ScopedManager(account="account")

    class Meta:
        indexes = [
            models.Index(fields=["account", "subject", "id"], name="event_by_subject"),
            models.Index(fields=["account", "-id"], name="event_newest_first"),
            models.Index(fields=["created_at"], condition=models.Q(advanced_at=None), name="event_to_advance"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
