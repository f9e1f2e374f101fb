"""The form of an appointment type. Durations are entered in minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.catalog.labels import LABELS, MOST_LABEL
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.slugs import RULE_IN_WORDS, is_slug
from slotdesk.ports.psa import Named
from slotdesk.web.staff import type_links
from slotdesk.web.staff.company_choice import NoSuchCompany, name_company
from slotdesk.web.staff.type_lists import BUILT_IN
from slotdesk.web.staff.type_sections import LABEL_PREFIX, TEMPLATE_PREFIX

_DAY = 24 * 60
_LABEL_NAMES = {
    "details": gettext_lazy("Heading of the form"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail address (links)"),
    "company": gettext_lazy("Company (links)"),
    "phone": gettext_lazy("Phone number"),
    "note": gettext_lazy("Message"),
    "guests": gettext_lazy("Guests"),
    "book": gettext_lazy("Button that books"),
}
# Each reminder says its own.
_KINDS = [kind for kind in Kind if kind not in (Kind.REMINDER, Kind.APPOINTMENT_REMINDER)]
LABEL_FIELDS = tuple(f"{LABEL_PREFIX}{key}" for key in LABELS)
TEMPLATE_FIELDS = tuple(f"{TEMPLATE_PREFIX}{kind.value}" for kind in _KINDS)


class MinutesField(forms.IntegerField):
    """A timedelta, entered as whole minutes."""

    def prepare_value(self, value: Any) -> Any:
        return value // timedelta(minutes=1) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> Any:
        minutes = super().clean(value)
        return None if minutes is None else timedelta(minutes=minutes)


class QuickForm(forms.Form):
    """What a new type cannot do without."""

    internal_name = forms.CharField(
        label=gettext_lazy("Internal name"),
        max_length=120,
        help_text=gettext_lazy("What your people pick in the ticket."),
    )
    duration = MinutesField(label=gettext_lazy("Duration (minutes)"), min_value=1, max_value=_DAY, initial=30)
    place = forms.ChoiceField(
        label=gettext_lazy("Where it happens"),
        choices=AppointmentType.Place.choices,
        widget=forms.RadioSelect,
        initial="phone",
    )


class TypeForm(forms.ModelForm):  # type: ignore[type-arg]
    """
    Everything of a type but its lists, see type_lists.py.

    resources   whom it may ask: the ticked ones, nobody = everybody
    """

    duration = MinutesField(label=gettext_lazy("Duration (minutes)"), min_value=1, max_value=_DAY)
    increment = MinutesField(
        label=gettext_lazy("Increment (minutes)"),
        min_value=1,
        max_value=_DAY,
        help_text=gettext_lazy("Between starts: with 15, a 60-minute type is offered at 9:00, 9:15 …"),
    )
    buffer_before = MinutesField(label=gettext_lazy("Buffer before (minutes)"), min_value=0, max_value=_DAY)
    buffer_after = MinutesField(label=gettext_lazy("Buffer after (minutes)"), min_value=0, max_value=_DAY)
    resources = forms.MultipleChoiceField(
        label=gettext_lazy("Only these"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: everybody who can be booked, and every team."),
    )
    meeting_url = forms.URLField(
        label=gettext_lazy("Link of the meeting"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("For one link for every appointment, such as https://meet.example/support."),
    )

    redirect_url = forms.URLField(
        label=type_links.LABELS["redirect_url"],
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=type_links.HELP_TEXTS["redirect_url"],
    )

    class Meta:
        model = AppointmentType
        fields = (
            "internal_name",
            "external_name",
            "slug",
            "place",
            "description",
            "duration",
            "increment",
            "buffer_before",
            "buffer_after",
            "writes_buffers",
            "keeps_buffers_in_hours",
            "notice_amount",
            "notice_unit",
            "window_amount",
            "window_unit",
            "daily_maximum",
            "phone_rule",
            "meeting",
            "meeting_url",
            "clients_may_change",
            "change_notice_amount",
            "change_notice_unit",
            "moved_to",
            "no_response_amount",
            "no_response_unit",
            "no_response_closes",
            "ends_with_ticket",
            "is_silent",
            "asks_note",
            "asks_guests",
            *type_links.LINK_FIELDS,
        )
        labels: ClassVar[dict[str, str | Promise]] = {
            "internal_name": gettext_lazy("Internal name"),
            "external_name": gettext_lazy("Name for clients"),
            "slug": gettext_lazy("Address part"),
            "place": gettext_lazy("Where it happens"),
            "description": gettext_lazy("Text for the client"),
            "writes_buffers": gettext_lazy("Write this buffer time into the calendar"),
            "keeps_buffers_in_hours": gettext_lazy("Buffers must lie within working hours"),
            "notice_amount": gettext_lazy("Minimum notice"),
            "notice_unit": gettext_lazy("Unit of the notice"),
            "window_amount": gettext_lazy("Scheduling window"),
            "window_unit": gettext_lazy("Unit of the window"),
            "daily_maximum": gettext_lazy("Maximum per day"),
            "phone_rule": gettext_lazy("Phone number"),
            "meeting": gettext_lazy("Online meeting"),
            "clients_may_change": gettext_lazy("Clients may reschedule and cancel"),
            "change_notice_amount": gettext_lazy("Minimum notice for changes"),
            "change_notice_unit": gettext_lazy("Unit of the notice for changes"),
            "moved_to": gettext_lazy("Who takes a moved appointment"),
            "no_response_amount": gettext_lazy("No-response deadline"),
            "no_response_unit": gettext_lazy("Unit of the deadline"),
            "no_response_closes": gettext_lazy("Close the request as well"),
            "ends_with_ticket": gettext_lazy("Cancel when the ticket is closed"),
            "is_silent": gettext_lazy("Send the client no e-mail"),
            "asks_note": gettext_lazy("Clients may write a message"),
            "asks_guests": gettext_lazy("Clients may name guests"),
            **type_links.LABELS,
        }
        help_texts: ClassVar[dict[str, str | Promise]] = {
            "external_name": gettext_lazy("Empty: the internal name."),
            "slug": format_lazy(gettext_lazy("For links. {rule} Empty: there are none."), rule=RULE_IN_WORDS),
            "description": gettext_lazy("Above the free times. Plain text."),
            "writes_buffers": gettext_lazy(
                "As entries of their own, which move along. They may be shortened or deleted there."
            ),
            "keeps_buffers_in_hours": gettext_lazy("Otherwise they only have to be free."),
            "notice_amount": gettext_lazy("0: none."),
            "window_amount": gettext_lazy("0: no limit."),
            "daily_maximum": gettext_lazy("Per person and day, appointments of this type. 0: no limit."),
            "clients_may_change": gettext_lazy("Your people may do both at any time, whatever is set here."),
            "change_notice_amount": gettext_lazy("Until how long before the start. 0: until it starts."),
            "moved_to": "",
            "no_response_amount": gettext_lazy("Counted from the invitation. 0: never."),
            "no_response_closes": gettext_lazy(
                "Its link can no longer be used, and the client is told so when they open it."
            ),
            "ends_with_ticket": gettext_lazy(
                "An appointment to come is cancelled and the client told; an open request is closed."
            ),
            "is_silent": gettext_lazy("No invitation, confirmation or reminder; your people still get theirs."),
            "asks_note": gettext_lazy("In their own words; it is written on the ticket."),
            "asks_guests": gettext_lazy(
                "Up to ten addresses. Guests get the details, and no link that changes anything."
            ),
            **type_links.HELP_TEXTS,
        }
        widgets: ClassVar[dict[str, Any]] = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(
        self,
        *args: Any,
        templates: Sequence[Template],
        candidates: Sequence[Agent | Team],
        resources: Sequence[Agent | Team],
        **kwargs: Any,
    ) -> None:
        """candidates: who can be asked at all; resources: who may be asked with this type so far."""
        super().__init__(*args, **kwargs)
        self.company_stored = Named(self.instance.catch_all_company_id, self.instance.catch_all_company_name)
        self.company: Named | None = self.company_stored if self.company_stored.id else None
        self._candidates = {each.public_id: each for each in dict.fromkeys([*resources, *candidates])}
        self.fields["resources"].choices = [  # type: ignore[attr-defined]
            (each.public_id, _say_resource(each)) for each in self._candidates.values()
        ]
        self.fields |= type_links.settle_choices(self.fields, self.instance)
        self.initial.setdefault("resources", [each.public_id for each in resources])
        for key, text in LABELS.items():
            self.fields[f"{LABEL_PREFIX}{key}"] = forms.CharField(
                label=_LABEL_NAMES[key],
                required=False,
                max_length=MOST_LABEL,
                initial=self.instance.labels.get(key, ""),
                widget=forms.TextInput(attrs={"placeholder": text}),
            )
        for kind in _KINDS:
            own = [(each.public_id, each.name) for each in templates if each.kind == kind]
            self.fields[f"{TEMPLATE_PREFIX}{kind.value}"] = forms.ChoiceField(
                label=str(ABOUT[kind].label),
                required=False,
                choices=[BUILT_IN, *own],
                initial=self.instance.templates.get(kind.value, ""),
                help_text=str(ABOUT[kind].when),
            )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and not is_slug(slug):
            raise forms.ValidationError(RULE_IN_WORDS)
        return slug

    def clean_catch_all_company_id(self) -> str:
        company_id: str = self.cleaned_data["catch_all_company_id"]
        try:
            self.company = name_company(company_id, known=self.company_stored)
        except NoSuchCompany:
            raise forms.ValidationError(gettext("The PSA has no such company any more. Find another one.")) from None
        return company_id

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("meeting") == AppointmentType.Meeting.LINK
            and "meeting_url" not in self.errors
            and not cleaned.get("meeting_url")
        ):
            self.add_error("meeting_url", gettext("Give the link under which everybody meets, or choose another kind."))
        for name, problem in type_links.check(cleaned):
            if name not in self.errors:
                self.add_error(name, problem)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        chosen = {key: self.cleaned_data.get(f"{LABEL_PREFIX}{key}", "").strip() for key in LABELS}
        self.instance.labels = {key: text for key, text in chosen.items() if text and text != LABELS[key]}
        templates = {kind.value: self.cleaned_data.get(f"{TEMPLATE_PREFIX}{kind.value}", "") for kind in _KINDS}
        if "catch_all_company_id" not in self.errors:
            self.instance.catch_all_company_name = self.company.name[:160] if self.company else ""
        self.instance.templates = {kind: public_id for kind, public_id in templates.items() if public_id}

    def chosen_resources(self) -> list[Agent | Team]:
        """Who was ticked."""
        return [self._candidates[each] for each in self.cleaned_data.get("resources", ())]


def _say_resource(resource: Agent | Team) -> str:
    if isinstance(resource, Team):
        words = gettext("%(name)s (team)") if resource.is_active else gettext("%(name)s (team), not there any more")
        return words % {"name": resource}
    if resource.is_active and resource.is_schedulable:
        return resource.name
    return gettext("%(name)s, cannot be booked") % {"name": resource.name}
