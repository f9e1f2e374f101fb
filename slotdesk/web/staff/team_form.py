"""The form of a team: how it is called, how it chooses, and who is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.connections.readiness import Missing, list_missing
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.slugs import RULE_IN_WORDS, is_slug
from slotdesk.domain.people.teams import Place

MOST_WEIGHT = 20
MISSING_WORDS = {
    Missing.ACTIVE: gettext_lazy("Not active any more"),
    Missing.ZONE: gettext_lazy("No time zone"),
    Missing.PRIMARY_CALENDAR: gettext_lazy("No primary calendar"),
    Missing.HOURS: gettext_lazy("No working hours"),
    Missing.SWITCHED_ON: gettext_lazy("Booking is switched off"),
}
_RULES = (
    (
        Team.Rule.MAXIMUM_AVAILABILITY,
        gettext_lazy(
            "Maximum availability: every time at which anybody is free is offered; who has the fewest appointments "
            "ahead takes it"
        ),
    ),
    (
        Team.Rule.ROUND_ROBIN,
        gettext_lazy("Round robin: the same times are offered, and appointments go around in turn, by weight"),
    ),
)


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    rule = forms.ChoiceField(label=gettext_lazy("Who takes an appointment"), choices=_RULES, widget=forms.RadioSelect)

    class Meta:
        model = Team
        fields = ("internal_name", "external_name", "slug", "rule")
        labels: ClassVar[dict[str, str | Promise]] = {
            "internal_name": gettext_lazy("Name"),
            "external_name": gettext_lazy("Name for clients"),
            "slug": gettext_lazy("Address part"),
        }
        help_texts: ClassVar[dict[str, str | Promise]] = {
            "internal_name": gettext_lazy("What your people pick, such as Tier 1 or Onsite Denver."),
            "external_name": gettext_lazy("What clients read. Empty: the name above."),
            "slug": format_lazy(
                gettext_lazy("For the team’s own booking page. {rule} Empty: made from the name."),
                rule=RULE_IN_WORDS,
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        # Clients may have the team's links: an address part that works is never made anew from the name.
        if self.instance.pk:
            self.fields["slug"].required = True
            self.fields["slug"].help_text = gettext("For the team’s own booking page. %(rule)s") % {
                "rule": RULE_IN_WORDS
            }
        if self.instance.is_mirrored:
            self.fields["internal_name"].disabled = True
            self.fields["internal_name"].help_text = gettext("From the PSA; change it there.")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].strip()
        if slug and not is_slug(slug):
            raise forms.ValidationError(RULE_IN_WORDS)
        return slug


@dataclass(slots=True)
class MemberRow:
    """One person in the form. weight is what was entered, also when it is wrong."""

    agent: Agent
    is_in: bool
    weight: str
    is_paused: bool
    missing: list[str]
    error: str = ""


@dataclass(slots=True)
class MemberRows:
    """Everybody who could be in the team, whoever is in it first."""

    rows: list[MemberRow] = field(default_factory=list)

    @classmethod
    def of(cls, team: Team, candidates: Sequence[Agent]) -> MemberRows:
        places = {place.agent_id: place for place in team.members.all()} if team.pk else {}
        missing = list_missing(candidates)
        rows = [
            MemberRow(
                agent=agent,
                is_in=agent.pk in places,
                weight=str(places[agent.pk].weight if agent.pk in places else 1),
                is_paused=agent.pk in places and places[agent.pk].is_paused,
                missing=[str(MISSING_WORDS[each]) for each in missing[agent.pk]],
            )
            for agent in candidates
        ]
        return cls(sorted(rows, key=lambda row: not row.is_in))

    def read(self, data: QueryDict, *, is_mirrored: bool) -> None:
        """Take over what was entered; rows that are wrong get an error."""
        for row in self.rows:
            name = row.agent.public_id
            row.is_in = row.is_in if is_mirrored else f"in-{name}" in data
            row.is_paused = f"paused-{name}" in data
            row.weight = data.get(f"weight-{name}", "1").strip()
            is_number = row.weight.isascii() and row.weight.isdigit() and len(row.weight) < 4
            if row.is_in and not (is_number and 1 <= int(row.weight) <= MOST_WEIGHT):
                row.error = gettext("Enter a weight from 1 to %(most)s.") % {"most": MOST_WEIGHT}

    @property
    def has_errors(self) -> bool:
        return any(row.error for row in self.rows)

    def places(self) -> list[Place]:
        """Who is to be in the team. Only without errors."""
        return [Place(row.agent, int(row.weight), row.is_paused) for row in self.rows if row.is_in]
