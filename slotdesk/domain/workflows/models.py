"""Step runs: every effect that a workflow has, as a row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.tenants.models import Account


class StepRun(models.Model):
    """
    One doing of one workflow step.

    trigger         what started it, see catalog/workflow.py
    when            conditions that must hold when it is about to run, as in catalog/workflow.py
    is_timer        it waits for its time and holds up nothing meanwhile; timers.py says what ends it first
    channel         runs of one request and channel happen one after another, in the order of their ids
    due_at          when it may run: at once, at its time, or after a wait
    claimed_until   somebody is on it until then; after that they are taken to have died
    outcome         what was done, or why it was skipped, waits or failed, as staff should read it
    result          what later steps need to know, such as a vendor's id
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("staff", "Waiting")
        RUNNING = "running", pgettext_lazy("staff", "Running")
        DONE = "done", pgettext_lazy("staff", "Done")
        SKIPPED = "skipped", pgettext_lazy("staff", "Skipped")
        FAILED = "failed", pgettext_lazy("staff", "Failed")

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    request = models.ForeignKey(SchedulingRequest, on_delete=models.CASCADE, related_name="step_runs")
    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    step_key = models.CharField(max_length=60)
    trigger = models.CharField(max_length=40)
    when = models.JSONField(default=list)
    action = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    is_timer = models.BooleanField(default=False)
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[StepRun]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "step_key"], name="step_run_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None), name="step_run_due"),
            models.Index(fields=["request", "channel", "id"], condition=Q(finished_at=None), name="step_run_open"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.state}"
