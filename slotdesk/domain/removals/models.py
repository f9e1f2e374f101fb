"""Somebody leaves the account: what was open then, and what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account, Membership


def removal_id() -> str:
    return new_id("rmvl")


class Removal(models.Model):
    """
    One person's leaving.

    agent, membership   who leaves; at least one is there
    message         what clients read whose appointment is cancelled
    actor, actor_id, actor_address   who confirmed it, for the events of the run
    moved_at        when the run last got on; a run that stands still is taken up again
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("staff", "Not started")
        RUNNING = "running", pgettext_lazy("staff", "Running")
        ENDED = "ended", pgettext_lazy("staff", "Done")

    public_id = models.CharField(max_length=32, unique=True, default=removal_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=120)
    message = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    actor = models.CharField(max_length=160, blank=True)
    actor_id = models.CharField(max_length=32, blank=True)
    actor_address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Removal]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agent__isnull=False) | models.Q(membership__isnull=False), name="removal_of_somebody"
            )
        ]
        indexes = [models.Index(fields=["moved_at"], condition=models.Q(state="running"), name="removal_running")]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """
    One thing that was open: an appointment to come, or a request that asks for the person by name.

    agent, team   to whom it goes; neither when it is left or cancelled, or the team is not there any more
    reason        why it could not be done
    """

    class Choice(models.TextChoices):
        HAND_OVER = "hand_over", pgettext_lazy("staff", "Hand over")
        LEAVE = "leave", pgettext_lazy("staff", "Leave as it is")
        CANCEL = "cancel", pgettext_lazy("staff", "Cancel")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("staff", "Waiting")
        DONE = "done", pgettext_lazy("staff", "Done")
        LEFT = "left", pgettext_lazy("staff", "Left as it is")
        GONE = "gone", pgettext_lazy("staff", "Nothing to do any more")
        FAILED = "failed", pgettext_lazy("staff", "Not done")

    class Reason(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("staff", "Not free at that time.")
        NOT_OFFERED = "not_offered", pgettext_lazy("staff", "Does not work at that time.")
        UNKNOWN = "unknown", pgettext_lazy("staff", "A calendar that must be checked cannot be read; try again later.")
        NOBODY = "nobody", pgettext_lazy("staff", "Nobody there could take it.")
        NO_TARGET = "no_target", pgettext_lazy("staff", "Whoever was chosen is not there any more.")
        CHANGED = "changed", pgettext_lazy("staff", "It changed meanwhile.")

    removal = models.ForeignKey(Removal, on_delete=models.CASCADE, related_name="items")
    request = models.ForeignKey(SchedulingRequest, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    is_booked = models.BooleanField()
    choice = models.CharField(max_length=10, choices=Choice.choices)
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)

    objects: ClassVar[models.Manager[Item]] = ScopedManager(account="removal__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["removal", "request"], name="removal_item_once")]

    def __str__(self) -> str:
        return f"{self.request} of {self.removal}"

    @property
    def to(self) -> Agent | Team | None:
        """To whom it goes, if to anybody."""
        return self.agent or self.team
