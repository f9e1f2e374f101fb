"""When a person works: weekly hours, stretches kept free, single dates, zone and holidays, with what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.people.holiday_lists import list_lists
from slotdesk.domain.people.hours import BadHours, read_hours
from slotdesk.domain.people.models import Agent, HolidayList, HoursOverride
from slotdesk.domain.people.working_time import WorkingTime, clear_date, list_dates, save_working_time, set_date
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.public.zones import all_options, city_of, is_zone
from slotdesk.web.staff.hours_form import HoursFormSet, HoursRow, hours_entered, hours_initial, summarize_hours
from slotdesk.web.staff.hours_text import read_ranges, say_ranges
from slotdesk.web.staff.open_days import list_open_days
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.person_access import access_agent, access_agent_to_edit, person_context

_FROM_PSA, _NONE = "psa", "none"


class HoursForm(forms.Form):
    """zone: only where the PSA does not say it. holidays: psa | none | a list's public id."""

    zone = forms.CharField(label=gettext_lazy("Time zone"), required=False, max_length=64)
    hours_from = forms.ChoiceField(
        label=gettext_lazy("Working hours"), choices=Agent.HoursFrom.choices, widget=forms.RadioSelect
    )
    holidays = forms.ChoiceField(label=gettext_lazy("Holidays"))

    def __init__(self, *args: Any, agent: Agent, lists: list[HolidayList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = agent.psa_holiday_list
        from_psa = gettext("From the PSA: %(list)s") % {"list": known.name} if known else gettext("From the PSA: none")
        self.fields["holidays"].choices = [  # type: ignore[attr-defined]
            (_FROM_PSA, from_psa),
            (_NONE, gettext("No holidays")),
            *((each.public_id, each.name) for each in lists),
        ]
        if agent.zone and agent.zone_from == Agent.ZoneFrom.PSA:
            del self.fields["zone"]

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone and not is_zone(zone):
            raise forms.ValidationError(gettext("Choose a time zone of the list."))
        return zone


class DateForm(forms.Form):
    """A date with hours of its own."""

    day = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    ranges = forms.CharField(
        label=gettext_lazy("Hours"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "09:00-12:00"}),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=120)

    def clean_ranges(self) -> list[tuple[int, int]]:
        try:
            return read_ranges(self.cleaned_data["ranges"])
        except BadHours as error:
            raise forms.ValidationError(str(error)) from error


@dataclass(slots=True)
class _Entered:
    """The page's forms, bound or not."""

    form: HoursForm
    rows: Any
    free: Any

    @property
    def is_valid(self) -> bool:
        # Each of them, so that everything that is wrong is said at once.
        return all([self.form.is_valid(), self.rows.is_valid(), self.free.is_valid()])

    @property
    def has_errors(self) -> bool:
        return self.form.is_bound and not self.is_valid


@require_GET
@staff(Permission.CALENDARS_VIEW_OWN)
def show_own(request: HttpRequest) -> HttpResponse:
    """The way to one's own hours, for those who do not see the list of people."""
    agent = Agent.objects.filter(membership=request.member).first()  # type: ignore[attr-defined]
    if agent is not None:
        return redirect("staff:user-hours", agent.public_id)
    return render_page(request, "staff/people/nobody.html", {}, now=timezone.now())


@require_http_methods(["GET", "POST"])
@staff(Permission.CALENDARS_VIEW_OWN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    agent, now = access_agent(request, public_id), timezone.now()
    if request.method != "POST":
        return _page(request, agent, _forms(None, agent), DateForm(), now=now)
    access_agent_to_edit(request, public_id)
    entered = _forms(request.POST, agent)
    if not entered.is_valid:
        return _page(request, agent, entered, DateForm(), now=now)
    save_working_time(agent=agent, wanted=_wanted(entered), actor=actor_of(request), now=now)
    messages.success(request, gettext("The hours of %(name)s are saved.") % {"name": agent.name})
    return redirect("staff:user-hours", public_id)


@require_POST
@staff(Permission.CALENDARS_EDIT_OWN)
def add_date(request: HttpRequest, public_id: str) -> HttpResponse:
    agent, now = access_agent_to_edit(request, public_id), timezone.now()
    form = DateForm(request.POST)
    if not form.is_valid():
        return _page(request, agent, _forms(None, agent), form, now=now)
    entered = form.cleaned_data
    set_date(
        agent=agent,
        day=entered["day"],
        ranges=entered["ranges"],
        note=entered["note"],
        actor=actor_of(request),
        now=now,
    )
    messages.success(request, gettext("%(day)s has hours of its own.") % {"day": f"{entered['day']:%d %B %Y}"})
    return redirect("staff:user-hours", public_id)


@require_POST
@staff(Permission.CALENDARS_EDIT_OWN)
def remove_date(request: HttpRequest, public_id: str, override_id: int) -> HttpResponse:
    agent = access_agent_to_edit(request, public_id)
    override = HoursOverride.objects.select_related("agent__account").filter(agent=agent, pk=override_id).first()
    if override is None:
        raise Http404
    clear_date(override=override, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("%(day)s goes by its weekday again.") % {"day": f"{override.date:%d %B %Y}"})
    return redirect("staff:user-hours", public_id)


def _forms(data: Any, agent: Agent) -> _Entered:
    own = agent.hours if agent.own_hours is None else agent.own_hours
    initial = {
        "zone": agent.zone,
        "hours_from": agent.hours_from,
        "holidays": _FROM_PSA
        if agent.holidays_from == Agent.HolidaysFrom.PSA
        else agent.holiday_list.public_id
        if agent.holiday_list
        else _NONE,
    }
    return _Entered(
        HoursForm(data, initial=initial, agent=agent, lists=list(list_lists())),
        HoursFormSet(data, prefix="hours", initial=hours_initial(read_hours(own))),
        HoursFormSet(data, prefix="free", initial=hours_initial(read_hours(agent.kept_free))),
    )


def _wanted(entered: _Entered) -> WorkingTime:
    values = entered.form.cleaned_data
    chosen = values["holidays"]
    is_list = chosen not in (_FROM_PSA, _NONE)
    return WorkingTime(
        zone=values.get("zone", ""),
        hours_from=values["hours_from"],
        own_hours=hours_entered(entered.rows),
        kept_free=hours_entered(entered.free),
        holidays_from=Agent.HolidaysFrom.PSA if chosen == _FROM_PSA else Agent.HolidaysFrom.OWN,
        holiday_list=HolidayList.objects.get(public_id=chosen) if is_list else None,
    )


def _page(request: HttpRequest, agent: Agent, entered: _Entered, date_form: DateForm, *, now: datetime) -> HttpResponse:
    today = _today(agent, now)
    context = person_context(request, agent, tab="hours") | {
        "form": entered.form,
        "rows": entered.rows,
        "free": entered.free,
        "empty_row": HoursRow(prefix="hours-__prefix__", auto_id="id_%s"),
        "empty_free": HoursRow(prefix="free-__prefix__", auto_id="id_%s"),
        "has_errors": entered.has_errors,
        "date_form": date_form,
        "dates": [(each, say_ranges(each.ranges)) for each in list_dates(agent, since=today)],
        "psa_hours": summarize_hours(read_hours(agent.psa_hours or [])),
        "hours": summarize_hours(read_hours(agent.hours)),
        "zone_city": city_of(agent.zone) if agent.zone else "",
        "zone_options": all_options(now.date()) if "zone" in entered.form.fields else "",
        "open_days": list_open_days(agent, now=now),
    }
    has_errors = entered.has_errors or bool(date_form.errors)
    return render_page(request, "staff/people/hours.html", context, now=now, status=422 if has_errors else 200)


def _today(agent: Agent, now: datetime) -> date:
    return now.astimezone(ZoneInfo(agent.zone or agent.account.zone)).date()
