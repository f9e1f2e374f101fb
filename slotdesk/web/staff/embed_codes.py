"""Ready code for websites: the three ways in which a booking page is shown on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.tenants.models import Account
from slotdesk.lib.colors import Color, ink_upon


class LookForm(forms.Form):
    """How it is to look. What is left as it is stands in no code, so that the script's own default goes on counting."""

    label = forms.CharField(label=gettext_lazy("Words on the button or link"), required=False, max_length=60)
    theme = forms.ChoiceField(
        label=gettext_lazy("Light or dark"),
        required=False,
        choices=[
            ("", gettext_lazy("As the website")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
    )
    lang = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("The visitor’s")), *settings.LANGUAGES],
    )
    position = forms.ChoiceField(
        label=gettext_lazy("Where the button floats"),
        required=False,
        choices=[
            ("", gettext_lazy("Bottom right")),
            ("bottom-left", gettext_lazy("Bottom left")),
            ("top-right", gettext_lazy("Top right")),
            ("top-left", gettext_lazy("Top left")),
        ],
    )


@dataclass(frozen=True, slots=True)
class Code:
    """One way. key: as the script calls it."""

    key: str
    title: str
    text: str
    html: str


def make_codes(account: Account, url: str, look: Mapping[str, str]) -> list[Code]:
    """url: of the booking page. look: of a valid LookForm."""
    color = Color.read(account.brand_color)
    label = look.get("label", "").strip()
    frame = {"src": url, "theme": look.get("theme", ""), "lang": look.get("lang", "")}
    button = {
        "mode": "button",
        **frame,
        "label": label,
        "position": look.get("position", ""),
        "color": color.write(),
        "text-color": ink_upon(color).write(),
    }
    link = {
        "href": url,
        "data-slotdesk-popup": None,
        **{f"data-slotdesk-{name}": frame[name] for name in ("theme", "lang")},
    }
    return [
        Code(
            "inline",
            gettext("In the page"),
            gettext("The booking page stands in yours, as high as it needs to be."),
            _with_script(_element("slotdesk-booking", frame)),
        ),
        Code(
            "popup",
            gettext("Pop-up"),
            gettext("A link opens it over your page. Without scripts it is an ordinary link."),
            _with_script(_element("a", link, label or gettext("Book a time"))),
        ),
        Code(
            "button",
            gettext("Floating button"),
            gettext("A button in a corner of your page, in your colour, opens it."),
            _with_script(_element("slotdesk-booking", button)),
        ),
    ]


def _element(name: str, attributes: Mapping[str, str | None], content: str = "") -> str:
    """Attributes without a value (None) stand alone, empty ones are left out."""
    said = (
        f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items() if value != ""
    )
    return f"<{name}{''.join(said)}>{escape(content)}</{name}>"


def _with_script(element: str) -> str:
    return f'{element}\n<script async src="{escape(settings.PUBLIC_URL)}/embed.js"></script>'
