"""E-mails rendered with Liquid: the built-in ones, and the account's own in the same frame."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import css_inline
import nh3
from django.utils.translation import gettext
from liquid import Environment, FileSystemLoader, Markup, StrictUndefined

from slotdesk.domain.events.own_texts import in_spoken
from slotdesk.domain.messages.kinds import ABOUT, CodeKind, Kind, StaffKind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.own_language import BadTemplate, parse, unknown_names, write
from slotdesk.domain.messages.plain_text import text_of
from slotdesk.domain.messages.translated import FOLDER, source_in_plain_words, spoken

__all__ = ["BadTemplate", "CodeKind", "Kind", "Message", "StaffKind", "built_in_text", "render", "render_own"]

_NO_BRAND: dict[str, Any] = {
    "color": "#1f5eff",
    "ink": "#ffffff",
    "header": None,
    "logo": None,
    "footer": "",
    "privacy_url": "",
}

# What an own template may hold, as far as mail programs show it: no scripts, forms, frames or style sheets.
TAGS = {
    *("a", "b", "blockquote", "br", "caption", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "img", "li"),
    *("ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead"),
    *("tr", "u", "ul"),
}
_ATTRIBUTES = {
    "*": {"align", "class", "dir", "lang", "style", "title"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "role", "width"},
    "td": {"bgcolor", "colspan", "rowspan", "valign", "width"},
    "th": {"bgcolor", "colspan", "rowspan", "scope", "valign", "width"},
}
# None that fetches anything.
_STYLES = {
    *("background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius"),
    *("border-right", "border-top", "color", "display", "font-family", "font-size", "font-style", "font-weight"),
    *("height", "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right"),
    *("margin-top", "max-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top"),
    *("text-align", "text-decoration", "text-transform", "vertical-align", "white-space", "width"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """remark: what staff should know of how it came about, "" = nothing."""

    subject: str
    text: str
    html: str
    remark: str = ""


def render(kind: Kind | StaffKind | CodeKind, variables: Mapping[str, Any], own: Template | None = None) -> Message:
    """
    Return the e-mail of this kind in the spoken language, in the account's frame if `brand` is among the variables:
    color and ink of buttons, header (color, ink; or None), logo (url, width, height; or None), footer, privacy_url.
    HTML is escaped where variables enter it, and its style sheet is put inline.

    own   the account's template; one that fails gives the built-in e-mail, with a remark

    Raises liquid.exceptions.LiquidError for a variable that the built-in template uses and that is not there.
    """
    if own is not None:
        try:
            subject, body = (in_spoken(own.translations, name, getattr(own, name)) for name in ("subject", "body"))
            return render_own(Kind(kind), variables, subject=subject, body=body)
        except BadTemplate as error:
            remark = f"The built-in e-mail, since the template “{own.name}” failed: {error}"
            return replace(_render_built_in(kind, variables), remark=remark)
    return _render_built_in(kind, variables)


def render_own(kind: Kind, variables: Mapping[str, Any], *, subject: str, body: str) -> Message:
    """
    Return the e-mail that an account's own subject and body (Liquid; the body in HTML) make, in its frame.

    What mail programs should not be sent is taken out of the HTML; the text part is made of what is left. Unknown names
    come out empty, and the remark names them. Raises BadTemplate.
    """
    subject_part, body_part = parse(subject, is_html=False), parse(body, is_html=True)
    said = write(subject_part, variables)
    cleaned = _cleaner().clean(write(body_part, variables))
    unknown = [name for part in (subject_part, body_part) for name, _place in unknown_names(part, variables)]
    message = _compose(
        subject=said,
        text=text_of(cleaned),
        frame="own.html.liquid",
        # The frame takes the body as it is: what clients wrote in it is not read as Liquid a second time.
        variables={**variables, "body": Markup(cleaned), "reader": ABOUT[kind].reader},
    )
    return replace(message, remark=f"Nothing is known of {', '.join(dict.fromkeys(unknown))}." if unknown else "")


def built_in_text(kind: Kind) -> tuple[str, str]:
    """Return subject and body of the built-in e-mail as an account may write them, to begin an own one with."""
    subject = source_in_plain_words(f"{kind.value}.subject.liquid").strip()
    source = source_in_plain_words(f"{kind.value}.html.liquid")
    body = source.partition("{% block body %}")[2].partition("{% endblock %}")[0].strip()
    return subject, body.replace("facts.html.liquid", "facts")


def _render_built_in(kind: Kind | StaffKind | CodeKind, variables: Mapping[str, Any]) -> Message:
    plain, _markup = _environments()
    values = {**variables, **spoken()}
    return _compose(
        subject=plain.get_template(f"{kind.value}.subject.liquid").render(**values),
        text=plain.get_template(f"{kind.value}.text.liquid").render(**values),
        frame=f"{kind.value}.html.liquid",
        variables=variables,
    )


def _compose(*, subject: str, text: str, frame: str, variables: Mapping[str, Any]) -> Message:
    _plain, markup = _environments()
    subject = " ".join(subject.split())[:250]
    # Whatever an account writes itself, whoever asked to be told can take it back.
    stop_url = variables.get("opening", {}).get("stop_url", "")
    variables = {"brand": _NO_BRAND, **variables, **spoken(), "subject": subject, "stop_url": stop_url}
    brand = variables["brand"]
    stop = gettext("Stop telling me: %(url)s") % {"url": stop_url} if stop_url else ""
    foot = "\n".join(line for line in (stop, brand["footer"], brand["privacy_url"]) if line)
    return Message(
        subject=subject,
        text=text.strip() + (f"\n\n-- \n{foot}\n" if foot else "\n"),
        html=_inliner().inline(markup.get_template(frame).render(**variables)),
    )


@functools.cache
def _environments() -> tuple[Environment, Environment]:
    loader = FileSystemLoader(FOLDER)
    return (
        Environment(extra=True, loader=loader, undefined=StrictUndefined),
        Environment(extra=True, loader=loader, undefined=StrictUndefined, autoescape=True),
    )


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel=None,
        filter_style_properties=_STYLES,
    )
