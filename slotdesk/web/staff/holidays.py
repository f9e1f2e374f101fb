"""Lists of holidays: own dates, a country's, the PSA's."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.people.country_holidays import UnknownCountry, list_countries
from slotdesk.domain.people.holiday_lists import (
    BadPart,
    DateTaken,
    ListInUse,
    ListIsMirrored,
    add_country,
    add_holiday,
    create_list,
    get_list,
    list_lists,
    remove_holiday,
    remove_list,
    rename_list,
)
from slotdesk.domain.people.hours import BadHours, clock_text
from slotdesk.domain.people.models import Holiday, HolidayList
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.hours_text import read_ranges
from slotdesk.web.staff.pages import actor_of, render_page


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)


class CountryForm(forms.Form):
    """country: two letters. part: as the country's own subdivisions are coded."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    part = forms.CharField(
        label=gettext_lazy("Part"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("A state, province or canton by its code, such as BY. Empty: the whole country."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale("en").territories
        countries = sorted(((code, names.get(code, code)) for code in list_countries()), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", gettext("Choose a country")), *countries]  # type: ignore[attr-defined]

    def clean_part(self) -> str:
        return str(self.cleaned_data["part"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts = list_countries().get(cleaned.get("country", ""), [])
        if cleaned.get("part") and cleaned.get("country") and cleaned["part"] not in parts:
            words = (
                gettext("Nobody knows this part. Known here: %(known)s.")
                if parts
                else gettext("Nobody knows this part. Known here: none.")
            )
            self.add_error("part", words % {"known": ", ".join(parts)})
        return cleaned


class HolidayForm(forms.Form):
    """A date of a list; with hours, only a part of it is off."""

    day = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    part = forms.CharField(
        label=gettext_lazy("Only from–to"),
        required=False,
        max_length=11,
        widget=forms.TextInput(attrs={"placeholder": "12:00-24:00"}),
        help_text=gettext_lazy("Empty: the whole day."),
    )

    def clean_part(self) -> tuple[int | None, int | None]:
        try:
            ranges = read_ranges(self.cleaned_data["part"])
        except BadHours as error:
            raise forms.ValidationError(str(error)) from error
        if len(ranges) > 1:
            raise forms.ValidationError(gettext("One stretch only; add the date again for another."))
        return ranges[0] if ranges else (None, None)


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    """Every list; posting makes an empty one."""
    form = NameForm(request.POST or None)
    if request.method == "POST":
        _must_edit(request)
        if form.is_valid():
            name = form.cleaned_data["name"]
            row = create_list(account=_account(request), name=name, actor=actor_of(request), now=timezone.now())
            messages.success(request, gettext("%(name)s is made. Add its dates.") % {"name": row.name})
            return redirect("staff:holiday-list", row.public_id)
    return _lists(request, form, CountryForm())


@require_POST
@staff(Permission.USERS_EDIT)
def follow(request: HttpRequest) -> HttpResponse:
    """Add a country's public holidays."""
    form = CountryForm(request.POST)
    if form.is_valid():
        try:
            row = add_country(
                account=_account(request), actor=actor_of(request), now=timezone.now(), **form.cleaned_data
            )
        except UnknownCountry:
            form.add_error("country", gettext("Nobody knows the holidays of this country."))
        else:
            messages.success(request, gettext("%(name)s are here, and are kept up to date.") % {"name": row.name})
            return redirect("staff:holiday-list", row.public_id)
    return _lists(request, NameForm(), form)


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_VIEW)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One list with its dates; posting renames it."""
    row = _access(public_id)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST":
        _must_edit(request)
        if form.is_valid():
            name = form.cleaned_data["name"]
            rename_list(holiday_list=row, name=name, actor=actor_of(request), now=timezone.now())
            messages.success(request, gettext("The list is called %(name)s now.") % {"name": name})
            return redirect("staff:holiday-list", public_id)
    return _one(request, row, form, HolidayForm())


@require_POST
@staff(Permission.USERS_EDIT)
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    row, form = _access(public_id), HolidayForm(request.POST)
    if form.is_valid():
        start, end = form.cleaned_data["part"]
        try:
            add_holiday(
                holiday_list=row,
                day=form.cleaned_data["day"],
                name=form.cleaned_data["name"],
                start=start,
                end=end,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except DateTaken:
            form.add_error("day", gettext("This date is in the list already."))
        except BadPart:
            form.add_error("part", gettext("Must end after it begins, on the same day."))
        except ListIsMirrored:
            raise PermissionDenied from None
        else:
            messages.success(request, gettext("%(name)s is in the list.") % {"name": form.cleaned_data["name"]})
            return redirect("staff:holiday-list", public_id)
    return _one(request, row, NameForm(initial={"name": row.name}), form)


@require_POST
@staff(Permission.USERS_EDIT)
def remove_date(request: HttpRequest, public_id: str, holiday_id: int) -> HttpResponse:
    row = _access(public_id)
    holiday = Holiday.objects.select_related("holiday_list__account").filter(holiday_list=row, pk=holiday_id).first()
    if holiday is None:
        raise Http404
    try:
        remove_holiday(holiday=holiday, actor=actor_of(request), now=timezone.now())
    except ListIsMirrored:
        raise PermissionDenied from None
    messages.success(request, gettext("%(name)s is out of the list.") % {"name": holiday.name})
    return redirect("staff:holiday-list", public_id)


@require_POST
@staff(Permission.USERS_EDIT)
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _access(public_id)
    try:
        remove_list(holiday_list=row, actor=actor_of(request), now=timezone.now())
    except ListInUse as error:
        messages.error(
            request,
            gettext("Still used by %(names)s. Give them other holidays first.") % {"names": ", ".join(error.names)},
        )
        return redirect("staff:holiday-list", public_id)
    messages.success(request, gettext("%(name)s is deleted.") % {"name": row.name})
    return redirect("staff:holidays")


def _lists(request: HttpRequest, name_form: NameForm, country_form: CountryForm) -> HttpResponse:
    context = {
        "lists": [(row, _source(row)) for row in list_lists()],
        "name_form": name_form,
        "country_form": country_form,
        "can_edit": _may_edit(request),
    }
    status = 422 if name_form.errors or country_form.errors else 200
    return render_page(request, "staff/people/holiday_lists.html", context, now=timezone.now(), status=status)


def _one(request: HttpRequest, row: HolidayList, name_form: NameForm, form: HolidayForm) -> HttpResponse:
    now = timezone.now()
    today = now.astimezone(ZoneInfo(row.account.zone)).date()
    dates = row.holidays.filter(date__gte=today.replace(month=1, day=1)).order_by("date", "start", "id")
    context = {
        "list": row,
        "source": _source(row),
        "dates": [(each, _times(each)) for each in dates],
        "name_form": name_form,
        "form": form,
        "can_edit": _may_edit(request),
    }
    status = 422 if name_form.errors or form.errors else 200
    return render_page(request, "staff/people/holiday_list.html", context, now=now, status=status)


def _source(row: HolidayList) -> str:
    kind, _, code = row.source.partition(":")
    if not row.source:
        return gettext("Own dates")
    return gettext("Public holidays of %(code)s") % {"code": code} if kind == "country" else gettext("From the PSA")


def _times(holiday: Holiday) -> str:
    if holiday.start is None or holiday.end is None:
        return gettext("All day")
    return f"{clock_text(holiday.start)}–{clock_text(holiday.end)}"


def _account(request: HttpRequest) -> Any:
    return request.member.account  # type: ignore[attr-defined]


def _may_edit(request: HttpRequest) -> bool:
    return may(request.member.role, Permission.USERS_EDIT)  # type: ignore[attr-defined]


def _must_edit(request: HttpRequest) -> None:
    if not _may_edit(request):
        raise PermissionDenied


def _access(public_id: str) -> HolidayList:
    try:
        return get_list(public_id)
    except HolidayList.DoesNotExist:
        raise Http404 from None
