"""Narrowing the list of requests by the account's custom attributes: one filter for each in use."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.attributes.queries import Subject, list_attributes, narrow_requests
from slotdesk.domain.attributes.values import TICKED, BadValue, canonical
from slotdesk.domain.booking.models import SchedulingRequest

_Kind = Attribute.Kind
_ANY = gettext_lazy("Any")


def attribute_filters() -> dict[str, django_filters.Filter]:
    """Return the filters by their names in the address: "attribute-site"."""
    return {f"attribute-{attribute.key}": _filter(attribute) for attribute in list_attributes(Subject.REQUEST)}


def _filter(attribute: Attribute) -> django_filters.Filter:
    def narrow(requests: QuerySet[SchedulingRequest], _name: str, value: Any) -> QuerySet[SchedulingRequest]:
        return narrow_requests(requests, attribute, str(value)) if value else requests

    select, label = forms.Select(attrs={"class": "form-select"}), attribute.name
    match attribute.kind:
        case _Kind.CHOICE:
            choices = [(choice, choice) for choice in attribute.choices]
        case _Kind.CHECKBOX:
            choices = [(TICKED, gettext("Yes")), ("no", gettext("No"))]
        case _:
            kind = "date" if attribute.kind == _Kind.DATE else "text"
            widget = forms.TextInput(attrs={"class": "form-control", "type": kind})
            return _Entered(attribute=attribute, method=narrow, label=label, widget=widget)
    return django_filters.ChoiceFilter(choices=choices, method=narrow, label=label, empty_label=_ANY, widget=select)


class _EnteredField(forms.CharField):
    """What somebody looks for, as it would be stored."""

    def __init__(self, *args: Any, attribute: Attribute, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._attribute = attribute

    def clean(self, value: Any) -> str:
        try:
            return canonical(self._attribute, super().clean(value))
        except BadValue as problem:
            raise forms.ValidationError(str(problem)) from None


class _Entered(django_filters.Filter):  # type: ignore[misc]
    field_class = _EnteredField
