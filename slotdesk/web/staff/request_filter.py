"""The filters above the list of requests."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.people.models import Agent
from slotdesk.web.staff.attribute_filter import attribute_filters

_SELECT = forms.Select(attrs={"class": "form-select"})
_DATE = forms.DateInput(attrs={"type": "date", "class": "form-control"})
_SEARCHED = ("client_name", "client_email", "company_name", "ticket_number", "ticket_summary", "internal_name")


class RequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Every field narrows the list; dates are those of `zone`, both ends included."""

    q = django_filters.CharFilter(
        method="search",
        label=gettext_lazy("Search"),
        widget=forms.TextInput(
            attrs={"type": "search", "class": "form-control", "placeholder": gettext_lazy("Client, company or ticket")}
        ),
    )
    status = django_filters.ChoiceFilter(
        choices=SchedulingRequest.Status.choices,
        label=gettext_lazy("Status"),
        empty_label=gettext_lazy("Any status"),
        widget=_SELECT,
    )
    type = django_filters.ModelChoiceFilter(
        field_name="appointment_type",
        queryset=lambda _request: AppointmentType.objects.order_by("is_archived", "position", "internal_name"),
        to_field_name="public_id",
        label=gettext_lazy("Appointment type"),
        empty_label=gettext_lazy("Any type"),
        widget=_SELECT,
    )
    agent = django_filters.ModelChoiceFilter(
        field_name="resources__agent",
        queryset=lambda _request: Agent.objects.filter(requestresource__isnull=False).distinct().order_by("name"),
        to_field_name="public_id",
        label=gettext_lazy("Person"),
        empty_label=gettext_lazy("Anybody"),
        widget=_SELECT,
    )
    since = django_filters.DateFilter(method="created_since", label=gettext_lazy("Created from"), widget=_DATE)
    until = django_filters.DateFilter(method="created_until", label=gettext_lazy("Created until"), widget=_DATE)
    attention = django_filters.BooleanFilter(
        method="needs_attention", label=gettext_lazy("Needs attention"), widget=forms.CheckboxInput()
    )

    mine = django_filters.BooleanFilter(method="of_mine", label=gettext_lazy("Mine"), widget=forms.CheckboxInput())
    origin = django_filters.ChoiceFilter(
        choices=SchedulingRequest.Origin.choices,
        label=gettext_lazy("Came from"),
        empty_label=gettext_lazy("Anywhere"),
        widget=_SELECT,
    )

    class Meta:
        model = SchedulingRequest
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, zone: str, agent: Agent | None, **kwargs: Any) -> None:
        self._zone = ZoneInfo(zone)
        self._agent = agent
        super().__init__(*args, **kwargs)
        for name, field in attribute_filters().items():
            field.parent, field.model = self, SchedulingRequest
            self.filters[name] = field

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.values()) if self.form.is_valid() else True

    def search(self, requests: QuerySet[SchedulingRequest], _name: str, value: str) -> QuerySet[SchedulingRequest]:
        """Every word must be found somewhere, so that "contoso printer" narrows instead of widening."""
        for word in value.split():
            found = Q()
            for field in _SEARCHED:
                found |= Q(**{f"{field}__icontains": word.removeprefix("#") or word})
            requests = requests.filter(found)
        return requests

    def created_since(self, requests: QuerySet[SchedulingRequest], _name: str, value: Any) -> Any:
        return requests.filter(created_at__gte=datetime.combine(value, time(), self._zone))

    def created_until(self, requests: QuerySet[SchedulingRequest], _name: str, value: Any) -> Any:
        return requests.filter(created_at__lt=datetime.combine(value + timedelta(days=1), time(), self._zone))

    def needs_attention(self, requests: QuerySet[SchedulingRequest], _name: str, value: bool) -> Any:
        if not value:
            return requests
        return requests.filter(
            Q(has_failed=True) | Q(is_retrying=True) | Q(lacks_status=True) | Q(has_changed_clock=True)
        )

    def of_mine(self, requests: QuerySet[SchedulingRequest], _name: str, value: bool) -> Any:
        """Those that ask for the reader, by name or as one of a team; none for somebody whom nobody can ask."""
        if not value:
            return requests
        if self._agent is None:
            return requests.none()
        theirs = Q(resources__agent=self._agent) | Q(resources__team__members__agent=self._agent)
        return requests.filter(pk__in=SchedulingRequest.objects.filter(theirs).values("pk"))
