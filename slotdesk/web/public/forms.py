"""What a client sends us, read and checked."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answer, Answers
from slotdesk.domain.catalog.labels import label_texts
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.catalog.terms import FrozenTerms
from slotdesk.web.public.questions import (
    COUNTRY_PREFIX,
    LOOKS,
    PREFIX,
    TOO_LONG,
    GuestsField,
    LineField,
    Look,
    PhoneField,
    fields_of,
    say_answer,
)
from slotdesk.web.public.zones import is_zone

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# No field takes more.
_LONGEST = 2000
# 1 January 2100: later times are typing errors or attacks.
_LAST_EPOCH = 4_102_444_800
_KEPT = ("name", "email", "company", "phone", "note", "guests", "key")
_KEPT_BEGINNINGS = (PREFIX, COUNTRY_PREFIX)
# How the fields are drawn that every type may have.
_LOOKS = {
    "name": Look(autocomplete="name"),
    "phone": Look(type="tel", autocomplete="tel"),
    "note": Look(is_long=True),
    "guests": Look(is_long=True, is_guests=True),
}
_GUESTS_HINT = gettext_lazy("E-mail addresses of others who should be there. They get the details too.")


class BadAddress(Exception):
    """The address names a time, a date or a zone that cannot be read."""


def sent(request: HttpRequest) -> QueryDict:
    """What the client's browser sent: in the address of a GET, in the body of a POST."""
    return request.POST if request.method == "POST" else request.GET


def read_zone(values: QueryDict) -> str | None:
    """Return the chosen zone (IANA), None when there is none. Raises BadAddress."""
    zone = values.get("zone", "")
    if zone and not is_zone(zone):
        raise BadAddress
    return zone or None


def read_first_date(values: QueryDict) -> date | None:
    """Return the first date to show, None when none is named. Raises BadAddress."""
    text = values.get("from", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadAddress from None


def read_start(values: QueryDict) -> datetime:
    """Return the time that was picked, in UTC. Raises BadAddress."""
    text = values.get("start", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) < _LAST_EPOCH):
        raise BadAddress
    return datetime.fromtimestamp(int(text), UTC)


def read_sequence(values: QueryDict) -> int:
    """Return which state of the appointment the client's page was about. Raises BadAddress."""
    text = values.get("sequence", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadAddress
    return int(text)


def kept_values(request: HttpRequest) -> dict[str, str]:
    """
    Return what the client has typed so far, or what the link's address says for them, to be carried from page to page.

    From then on it travels in the body of POSTs only, so that no name and no number ends up in an address or a log.
    """
    values = sent(request)
    return {name: str(values[name])[:_LONGEST] for name in values if name.startswith(_KEPT_BEGINNINGS) or name in _KEPT}


def new_key() -> str:
    """What makes a form unique: sent twice, it books once."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Line:
    """One field as the page draws it."""

    field: BoundField
    label: str
    look: Look
    hint: str | Promise


class AnswersForm(forms.Form):
    """
    What the client is asked before booking, as the request's frozen terms say: name, number, the type's own questions,
    a message, and guests.

    country   of numbers that do not say it, "" = the account's
    """

    name = LineField(
        max_length=160,
        error_messages={"required": gettext_lazy("Please tell us your name."), "max_length": TOO_LONG},
    )
    note = forms.CharField(max_length=2000, required=False, error_messages={"max_length": TOO_LONG})
    guests = GuestsField(max_length=2000, required=False, error_messages={"max_length": TOO_LONG})
    key = forms.CharField(required=False)

    def __init__(self, *args: Any, request: SchedulingRequest, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        country = country or request.account.country
        self.terms = FrozenTerms.model_validate(request.terms)
        self.labels = label_texts(self.terms.spoken_labels())
        self._is_call = request.place == AppointmentType.Place.PHONE
        if request.phone_rule != AppointmentType.PhoneRule.OFF:
            self.fields["phone"] = PhoneField(
                country=country,
                required=request.phone_rule == AppointmentType.PhoneRule.REQUIRED,
                error_messages={"required": gettext_lazy("Please give us a number to reach you.")},
            )
        if not self.terms.asks_note:
            del self.fields["note"]
        if not self.terms.asks_guests:
            del self.fields["guests"]
        self.questions = self.terms.spoken_questions()
        self.fields |= fields_of(self.questions, country=country)
        for name, field in self.fields.items():
            if isinstance(field, PhoneField):
                field.take_country(self._said(f"{COUNTRY_PREFIX}{name}"), self._said(name))

    def _said(self, name: str) -> str:
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name, ""))

    def lines(self) -> list[Line]:
        """The fields to draw, from the top."""
        calls = gettext("We will call you on this number.") if self._is_call else ""
        own = [self._own("name"), self._own("phone", calls)]
        asked = [
            Line(
                self[f"{PREFIX}{question.key}"],
                question.label,
                LOOKS.get(Question.Kind(question.kind), Look()),
                question.help_text,
            )
            for question in self.questions
        ]
        rest = [self._own("note"), self._own("guests", _GUESTS_HINT)]
        return [line for line in (*own, *asked, *rest) if line is not None]

    def _own(self, name: str, hint: str | Promise = "") -> Line | None:
        return Line(self[name], self.labels[name], _LOOKS[name], hint) if name in self.fields else None

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        return key if _KEY.fullmatch(key) else new_key()

    def answers(self, *, zone: str) -> Answers:
        """Return the valid form's content."""
        cleaned = self.cleaned_data
        said = [(question, say_answer(cleaned[f"{PREFIX}{question.key}"])) for question in self.terms.questions]
        return Answers(
            zone=zone,
            name=cleaned["name"],
            phone=cleaned.get("phone", ""),
            note=cleaned.get("note", ""),
            answers=tuple(Answer(question.key, question.label, value) for question, value in said if value),
            guests=tuple(cleaned.get("guests", ())),
            language=get_language() or "",
        )


class ReasonForm(forms.Form):
    """Why a client cancels, if they like to say."""

    reason = forms.CharField(
        max_length=2000,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    def line(self) -> Line:
        return Line(self["reason"], gettext("Would you tell us why?"), Look(is_long=True), "")
