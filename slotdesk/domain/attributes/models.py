"""Fields of the account's own, and what is filled into them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account, Membership


def attribute_id() -> str:
    return new_id("attr")


class Attribute(models.Model):
    """
    A field that the account gives to every request or to every person.

    key          what templates call it; with subject and kind it stays as it was made, since templates go by it
    choices      of kind choice: what can be chosen, in this order; empty for the others
    archived_at  since when nobody is asked for it; what was filled in stays
    """

    class Subject(models.TextChoices):
        REQUEST = "request", pgettext_lazy("staff", "Scheduling requests")
        PERSON = "person", pgettext_lazy("staff", "Users")

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("staff", "Text")
        NUMBER = "number", pgettext_lazy("staff", "Number")
        CHOICE = "choice", pgettext_lazy("staff", "Choice")
        CHECKBOX = "checkbox", pgettext_lazy("staff", "Checkbox")
        DATE = "date", pgettext_lazy("staff", "Date")

    public_id = models.CharField(max_length=32, unique=True, default=attribute_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    subject = models.CharField(max_length=8, choices=Subject.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    help_text = models.CharField(max_length=200, blank=True)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager[Attribute]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="attribute_key_once")]

    def __str__(self) -> str:
        return self.name


class AttributeValue(models.Model):
    """
    What is filled in; a row less where nothing is.

    agent, member   whose it is: the agent's of somebody who is one, else the member's
    value           canonical text, see values.py
    """

    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="values")
    request = models.ForeignKey(SchedulingRequest, on_delete=models.CASCADE, null=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True)
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True)
    value = models.CharField(max_length=500)

    objects: ClassVar[models.Manager[AttributeValue]] = ScopedManager(account="attribute__account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attribute", owner], name=f"attribute_value_{owner}_once")
            for owner in ("request", "agent", "member")
        ] + [
            models.CheckConstraint(
                condition=Q(request__isnull=False, agent=None, member=None)
                | Q(request=None, agent__isnull=False, member=None)
                | Q(request=None, agent=None, member__isnull=False),
                name="attribute_value_of_one",
            )
        ]
        indexes = [models.Index(fields=["attribute", "value"], name="attribute_by_value")]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.value}"
