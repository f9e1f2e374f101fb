"""The people who take appointments, and when they work."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from slotdesk.domain.tenants.ids import new_id
from slotdesk.domain.tenants.models import Account, Membership


def agent_id() -> str:
    return new_id("agnt")


def team_id() -> str:
    return new_id("team")


def holiday_list_id() -> str:
    return new_id("hlst")


class HolidayList(models.Model):
    """Days on which the agents who use the list do not work. One without a source is kept by hand."""

    public_id = models.CharField(max_length=32, unique=True, default=holiday_list_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    source = models.CharField(
        max_length=80, blank=True, help_text="Whose list it mirrors, such as connectwise:3 or country:DE-BY."
    )

    objects: ClassVar[models.Manager[HolidayList]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source"], condition=~models.Q(source=""), name="holiday_list_source_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """One date of a list; with start and end (minutes since local midnight) only that part of it."""

    holiday_list = models.ForeignKey(HolidayList, on_delete=models.CASCADE, related_name="holidays")
    date = models.DateField()
    name = models.CharField(max_length=120)
    start = models.PositiveSmallIntegerField(null=True)
    end = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[models.Manager[Holiday]] = ScopedManager(account="holiday_list__account")

    class Meta:
        indexes = [models.Index(fields=["holiday_list", "date"], name="holiday_by_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Agent(models.Model):
    """
    A person of the account who can be booked.

    membership   their sign-in, if they have one
    hours        what counts: [{"days": [1, 2], "start": "09:00", "end": "17:00"}]: ISO weekdays, wall clock of `zone`.
                 See hours.py; worked out from the three below
    own_hours, psa_hours   the same, as entered here and as the PSA says; None = never entered, never read
    kept_free    the same: stretches of the working hours in which nothing can be booked
    zone_label   what the PSA calls the zone, where nobody knows which that is
    psa_holiday_list   the PSA's choice; holiday_list is what counts
    muted_notices   e-mails about their own appointments that they do not want, see notices.py
    left_at      when they were deactivated here; the PSA does not bring them back
    """

    class HoursFrom(models.TextChoices):
        PSA = "psa", pgettext_lazy("staff", "From the PSA")
        OWN = "own", pgettext_lazy("staff", "Own hours")

    class ZoneFrom(models.TextChoices):
        PSA = "psa", pgettext_lazy("staff", "From the PSA")
        OWN = "own", pgettext_lazy("staff", "Chosen here")

    class HolidaysFrom(models.TextChoices):
        PSA = "psa", pgettext_lazy("staff", "From the PSA")
        OWN = "own", pgettext_lazy("staff", "Chosen here")

    public_id = models.CharField(max_length=32, unique=True, default=agent_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="agents")
    membership = models.OneToOneField(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    slug = models.SlugField(max_length=60)
    zone = models.CharField(max_length=64, blank=True, help_text="Empty = not known; the agent is not bookable.")
    hours = models.JSONField(default=list)
    zone_from = models.CharField(max_length=8, choices=ZoneFrom.choices, default=ZoneFrom.PSA)
    zone_label = models.CharField(max_length=120, blank=True)
    hours_from = models.CharField(max_length=8, choices=HoursFrom.choices, default=HoursFrom.PSA)
    own_hours = models.JSONField(null=True, blank=True)
    psa_hours = models.JSONField(null=True, blank=True)
    kept_free = models.JSONField(default=list, blank=True)
    holidays_from = models.CharField(max_length=8, choices=HolidaysFrom.choices, default=HolidaysFrom.PSA)
    holiday_list = models.ForeignKey(HolidayList, on_delete=models.SET_NULL, null=True, blank=True)
    psa_holiday_list = models.ForeignKey(
        HolidayList, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    muted_notices = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    meeting_url = models.URLField(max_length=500, blank=True, help_text="Their own room for online meetings.")
    is_schedulable = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Agent]] = ScopedManager(account="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "slug"], name="agent_slug_once")]

    def __str__(self) -> str:
        return self.name


class HoursOverride(models.Model):
    """
    One date on which an agent's hours are others than usual: more, fewer, or none.

    ranges   [{"start": "09:00", "end": "12:00"}]; empty closes the date
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="hours_overrides")
    date = models.DateField()
    ranges = models.JSONField(default=list)
    note = models.CharField(max_length=120, blank=True)

    objects: ClassVar[models.Manager[HoursOverride]] = ScopedManager(account="agent__account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "date"], name="hours_override_once")]

    def __str__(self) -> str:
        return f"{self.agent} {self.date}"


class TimeOff(models.Model):
    """
    Leave, on the agent's own wall clock: whole days, or with start and end (minutes since midnight) a part of them.

    starts_on, ends_on   both included; start counts on the first of them, end on the last
    source               where it was read from; empty = entered here
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="time_off")
    starts_on = models.DateField()
    ends_on = models.DateField()
    start = models.PositiveSmallIntegerField(null=True, blank=True)
    end = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    is_private = models.BooleanField(default=False)
    source = models.CharField(max_length=80, blank=True)

    objects: ClassVar[models.Manager[TimeOff]] = ScopedManager(account="agent__account")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="time_off_in_order")
        ]
        indexes = [models.Index(fields=["agent", "ends_on"], name="time_off_by_date")]

    def __str__(self) -> str:
        return f"{self.agent} {self.starts_on} to {self.ends_on}"


class Team(models.Model):
    """
    Agents who are booked as one: whoever of them is free, chosen by the rule.

    source       whose team it mirrors, such as connectwise:board-3/team-7; empty = one of our own
    place        what a mirrored one belongs to there, such as a board's name
    is_active    can be asked for: neither archived here nor gone from the PSA
    archived_at  when somebody took it out of use
    """

    class Rule(models.TextChoices):
        MAXIMUM_AVAILABILITY = "maximum_availability", pgettext_lazy("staff", "Maximum availability")
        ROUND_ROBIN = "round_robin", pgettext_lazy("staff", "Round robin")

    public_id = models.CharField(max_length=32, unique=True, default=team_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="teams")
    internal_name = models.CharField(max_length=120)
    external_name = models.CharField(max_length=120, blank=True)
    slug = models.SlugField(max_length=60)
    rule = models.CharField(max_length=24, choices=Rule.choices, default=Rule.MAXIMUM_AVAILABILITY)
    is_active = models.BooleanField(default=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Team]] = ScopedManager(account="account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "slug"], name="team_slug_once"),
            models.UniqueConstraint(
                fields=["account", "source"], condition=~models.Q(source=""), name="team_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.internal_name

    @property
    def is_mirrored(self) -> bool:
        """Whether the PSA says who is in it."""
        return bool(self.source)

    @property
    def client_name(self) -> str:
        """What clients read."""
        return self.external_name or self.internal_name


class TeamMember(models.Model):
    """
    An agent's place in a team.

    weight      share of the turns in round robin, compared with the others'
    is_paused   gets none of the team's appointments for now
    away        [[from, until]] epoch seconds: when they could be given no turn, the time before they joined included
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="team_places")
    weight = models.PositiveSmallIntegerField(default=1)
    is_paused = models.BooleanField(default=False)
    away = models.JSONField(default=list)

    objects: ClassVar[models.Manager[TeamMember]] = ScopedManager(account="team__account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "agent"], name="team_member_once"),
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="team_member_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} in {self.team}"
