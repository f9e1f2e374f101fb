"""The built-in e-mails, rendered with Liquid."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import css_inline
from liquid import Environment, FileSystemLoader, StrictUndefined

_NO_BRAND: dict[str, Any] = {"color": "#1f5eff", "ink": "#ffffff", "logo": None, "footer": "", "privacy_url": ""}
_FOLDER = Path(__file__).parent / "builtin"


class Kind(StrEnum):
    """What an e-mail is for; each has a built-in template."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    RESCHEDULED = "rescheduled"
    CANCELLATION = "cancellation"
    BOOKED_NOTICE = "booked_notice"
    RESCHEDULED_NOTICE = "rescheduled_notice"
    CANCELLED_NOTICE = "cancelled_notice"
    REASSIGNED = "reassigned"
    REASSIGNED_NOTICE = "reassigned_notice"
    HANDED_OVER_NOTICE = "handed_over_notice"


class StaffKind(StrEnum):
    """E-mails to the account's own people; no workflow sends them."""

    STAFF_INVITATION = "staff_invitation"


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    text: str
    html: str


def render(kind: Kind | StaffKind, variables: Mapping[str, Any]) -> Message:
    """
    Return the e-mail of this kind, in the account's frame if `brand` is among the variables: color and ink of buttons,
    logo (url, width, height; or None), footer, privacy_url. HTML is escaped where variables enter it, and its style
    sheet is put inline.

    Raises liquid.exceptions.LiquidError for a variable that is not there.
    """
    plain, markup = _environments()
    variables = {"brand": _NO_BRAND, **variables}
    brand = variables["brand"]
    foot = "\n".join(line for line in (brand["footer"], brand["privacy_url"]) if line)
    subject = plain.get_template(f"{kind.value}.subject.liquid").render(**variables)
    text = plain.get_template(f"{kind.value}.text.liquid").render(**variables)
    html = markup.get_template(f"{kind.value}.html.liquid").render(**variables, subject=subject.strip())
    return Message(
        subject=" ".join(subject.split())[:250],
        text=text.strip() + (f"\n\n-- \n{foot}\n" if foot else "\n"),
        html=_inliner().inline(html),
    )


@functools.cache
def _environments() -> tuple[Environment, Environment]:
    loader = FileSystemLoader(_FOLDER)
    return (
        Environment(extra=True, loader=loader, undefined=StrictUndefined),
        Environment(extra=True, loader=loader, undefined=StrictUndefined, autoescape=True),
    )


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
