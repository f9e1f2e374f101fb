"""What a client sends us, read and checked."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, date, datetime

import phonenumbers
from django import forms
from django.http import HttpRequest, QueryDict

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.operations import Answers
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.web.public.zones import is_zone

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# 1 January 2100: later times are typing errors or attacks.
_LAST_EPOCH = 4_102_444_800
_NATIONAL, _INTERNATIONAL = phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL


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
    Return what the client has typed so far, to be carried from page to page; empty on a first visit.

    It travels in the body of POSTs only, so that no name and no number ends up in an address or a log.
    """
    return {name: request.POST[name] for name in ("name", "phone", "note", "key") if name in request.POST}


def new_key() -> str:
    """What makes a form unique: sent twice, it books once."""
    return secrets.token_urlsafe(16)


class AnswersForm(forms.Form):
    """
    What the client is asked before booking.

    The phone number is asked as the request says (off, optional, required) and read as one dials in the account's
    country; it comes out in international form.
    """

    name = forms.CharField(max_length=160, error_messages={"required": "Please tell us your name."})
    phone = forms.CharField(max_length=40, required=False)
    note = forms.CharField(
        max_length=2000,
        required=False,
        error_messages={"max_length": "That is a little long: please keep it under 2,000 characters."},
    )
    key = forms.CharField(required=False)

    def __init__(self, *args: object, request: SchedulingRequest, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._country = request.account.country
        self.phone_example = _example(self._country)
        if request.phone_rule == AppointmentType.PhoneRule.OFF:
            del self.fields["phone"]
        elif request.phone_rule == AppointmentType.PhoneRule.REQUIRED:
            self.fields["phone"].required = True
            self.fields["phone"].error_messages["required"] = "Please give us a number to reach you."

    def clean_name(self) -> str:
        return _one_line(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        text = _one_line(self.cleaned_data["phone"])
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, self._country)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(
                f"This does not look like a phone number. Try it like {self.phone_example}, or with + and country code."
            )
        return phonenumbers.format_number(number, _INTERNATIONAL)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        return key if _KEY.fullmatch(key) else new_key()

    def answers(self, *, zone: str) -> Answers:
        """Return the valid form's content."""
        cleaned = self.cleaned_data
        return Answers(zone=zone, name=cleaned["name"], phone=cleaned.get("phone", ""), note=cleaned["note"])


class ReasonForm(forms.Form):
    """Why a client cancels, if they like to say."""

    reason = forms.CharField(
        max_length=2000,
        required=False,
        error_messages={"max_length": "That is a little long: please keep it under 2,000 characters."},
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _example(country: str) -> str:
    number = phonenumbers.example_number(country)
    return "+1 201-555-0123" if number is None else phonenumbers.format_number(number, _NATIONAL)
