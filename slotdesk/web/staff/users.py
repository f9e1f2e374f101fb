"""Users: everybody of the account, narrowed and changed together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET

from slotdesk.domain.connections.busy_mirror import TRUSTED_FOR
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.connections.queries import find_psa, list_primary_calendars
from slotdesk.domain.people.hours import read_hours
from slotdesk.domain.people.invitations import list_open_invitations
from slotdesk.domain.people.persons import Person, list_people
from slotdesk.domain.people.team_queries import list_teams
from slotdesk.domain.tenants.grants import covers
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.queries import list_roles
from slotdesk.web.access import staff
from slotdesk.web.public.zones import is_zone
from slotdesk.web.staff.hours_form import summarize_hours
from slotdesk.web.staff.pages import render_page
from slotdesk.web.staff.user_changes import RIGHTS

_SELECT = forms.Select(attrs={"class": "form-select"})


@dataclass(frozen=True, slots=True)
class Row:
    """
    A person as the list shows them.

    is_stale     the calendar was not read lately, so no times are offered
    is_invited   somebody who cannot sign in yet has an open invitation
    """

    person: Person
    hours: list[str]
    calendar: Calendar | None
    is_stale: bool
    is_invited: bool


class PeopleFilter(forms.Form):
    """What narrows the list; without `shown`, whoever left stays out of it."""

    SHOWN = (
        ("", gettext_lazy("Everybody here")),
        ("bookable", gettext_lazy("Can be booked")),
        ("not_bookable", gettext_lazy("Cannot be booked")),
        ("administrators", gettext_lazy("Administrators")),
        ("without_sign_in", gettext_lazy("Without a sign-in")),
        ("left", gettext_lazy("Deactivated")),
    )
    q = forms.CharField(
        required=False,
        label=gettext_lazy("Search"),
        widget=forms.TextInput(
            attrs={"type": "search", "class": "form-control", "placeholder": gettext_lazy("Name or e-mail")}
        ),
    )
    shown = forms.ChoiceField(choices=SHOWN, required=False, label=gettext_lazy("Show"), widget=_SELECT)
    role = forms.ChoiceField(required=False, label=gettext_lazy("Role"), widget=_SELECT)

    def __init__(self, data: object, *, roles: list[Role]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", gettext("Any role")), *((role.public_id, role.name) for role in roles)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def keeps(self, person: Person) -> bool:
        wanted = self.cleaned_data if self.is_valid() else {}
        words, shown, role = (str(wanted.get(name, "")) for name in ("q", "shown", "role"))
        if words.strip().lower() not in f"{person.name} {person.email}".lower():
            return False
        if role and (person.role is None or person.role.public_id != role):
            return False
        if not person.is_here or shown == "left":
            return shown == "left" and not person.is_here
        return {
            "bookable": person.is_bookable,
            "not_bookable": not person.is_bookable,
            "administrators": person.is_administrator,
            "without_sign_in": person.member is None,
        }.get(shown, True)


@require_GET
@staff(Permission.USERS_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = request.member.role  # type: ignore[attr-defined]
    roles = list_roles()
    narrowed = PeopleFilter(request.GET, roles=roles)
    people = list_people()
    calendars = {calendar.agent_id: calendar for calendar in list_primary_calendars()}
    invited = {invitation.email.lower() for invitation in list_open_invitations()}
    context = {
        "rows": [_row(person, calendars, invited, now) for person in people if narrowed.keeps(person)],
        "has_people": bool(people),
        "filter": narrowed,
        "invitations": len(invited),
        "may_invite": may(mine, Permission.USERS_ADD),
        "has_psa": find_psa() is not None,
        "may_change": any(may(mine, right) for right in RIGHTS.values()),
        "zones": sorted({person.agent.zone for person in people if person.agent and is_zone(person.agent.zone)}),
        "roles": [role for role in roles if covers(mine, role)] if may(mine, Permission.SECURITY_EDIT) else [],
        "teams": list(list_teams().filter(source="")) if may(mine, Permission.TEAMS_EDIT) else [],
    }
    return render_page(request, "staff/users/list.html", context, now=now)


def _row(person: Person, calendars: dict[int, Calendar], invited: set[str], now: datetime) -> Row:
    agent = person.agent
    calendar = calendars.get(agent.pk) if agent else None
    is_stale = calendar is not None and (calendar.synced_at is None or calendar.synced_at < now - TRUSTED_FOR)
    hours = summarize_hours(read_hours(agent.hours)) if agent else []
    return Row(person, hours, calendar, is_stale, person.member is None and person.email.lower() in invited)
