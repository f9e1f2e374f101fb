"""Texts of an account's own in a step: Liquid without HTML, filled in for whoever reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from slotdesk.domain.messages.own_language import BadTemplate, parse, write
from slotdesk.domain.workflows.actions.base import Context
from slotdesk.domain.workflows.actions.send_email import values_for_reader


def check_text(text: str) -> str:
    """Return the text. Raises ValueError with what is wrong in it."""
    try:
        parse(text, is_html=False)
    except BadTemplate as error:
        raise ValueError(str(error)) from error
    return text


def fill_in(text: str, context: Context, *, escape: Callable[[str], str] = str) -> str:
    """
    Return the text with everything filled in that e-mails may say, but no link that books, moves or cancels.

    escape   makes a value harmless where the text goes to. Raises BadTemplate.
    """
    return write(parse(text, is_html=False), _escaped(_values(context), escape)).strip()


def _values(context: Context) -> dict[str, Any]:
    """The variables for readers who must not hold the client's key; `request.staff_url` is our own page."""
    values = values_for_reader(context)
    values["request"] = {**values["request"], "url": "", "staff_url": staff_url(context)}
    values["appointment"] = {**values["appointment"], "url": "", "reschedule_url": "", "cancel_url": ""}
    return values


def staff_url(context: Context) -> str:
    return f"{settings.PUBLIC_URL}/app/requests/{context.request.public_id}/"


def _escaped(value: Any, escape: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _escaped(each, escape) for key, each in value.items()}
    if isinstance(value, list):
        return [_escaped(each, escape) for each in value]
    return escape(value) if isinstance(value, str) else value
