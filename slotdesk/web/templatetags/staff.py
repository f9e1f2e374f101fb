"""What the staff pages' templates say in one word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from slotdesk.domain.tenants.models import Membership
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.tenants.queries import NotAMember
from slotdesk.web.active_account import PlaceEnded, current_member, list_other_places
from slotdesk.web.staff.menu import MENU, SETTINGS, Entry, open_to
from slotdesk.web.staff.pages import Clock

register = template.Library()

_TONES = {"new": "is-new", "sent": "is-waiting", "scheduled": "is-good", "cancelled": "is-off", "closed": "is-off"}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A picture from our own sheet, hidden from screen readers: the words beside it say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("staff/icons.svg"),
        name,
    )


@register.filter(name="may")
def member_may(member: Membership | None, permission: str) -> bool:
    """Whether the member's role has the permission: `{% if member|may:"types.edit" %}`."""
    return member is not None and may(member.role, Permission(permission))


@register.simple_tag(takes_context=True)
def signed_in_member(context: template.Context) -> Membership | None:
    """The member who looks at the page; also where the view did not ask for one, as on the account's own pages."""
    request: HttpRequest = context["request"]
    member: Membership | None = getattr(request, "member", None)
    if member is None and request.user.is_authenticated:
        try:
            return current_member(request)
        except (NotAMember, PlaceEnded):
            return None
    return member


@register.inclusion_tag("staff/_switch_account.html", takes_context=True)
def switch_account(context: template.Context, member: Membership | None) -> dict[str, Any]:
    """The way to the person's other accounts, where they have some."""
    request: HttpRequest = context["request"]
    places = list_other_places(request, member) if member is not None else []
    return {"places": places, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("staff/_menu.html")
def menu(member: Membership | None, path: str) -> dict[str, Any]:
    """The main menu and its settings: what the member may open, the current part marked."""
    return {"items": _items(MENU, member, path), "settings": _items(SETTINGS, member, path)}


def _items(entries: Iterable[Entry], member: Membership | None, path: str) -> list[dict[str, Any]]:
    return [
        {"label": each.label, "url": url, "icon": each.icon, "is_current": path.startswith(url)}
        for each in open_to(member.role if member else None, entries)
        for url in [reverse(each.route)]
    ]


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a person."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: datetime | None, form: str = "full") -> SafeString | str:
    """
    An instant on the reader's clock. form: full = day, time; zoned = day, time and zone; day; time.

    The exact instant is in the element for whoever points at it.
    """
    if value is None:
        return ""
    clock: Clock = context["clock"]
    texts = {
        "full": f"{clock.day(value)}, {clock.time(value)}",
        "zoned": f"{clock.day(value)}, {clock.time(value)} {clock.letters(value)}",
        "day": clock.day(value),
        "time": clock.time(value),
    }
    exact = f"{value.astimezone(ZoneInfo(clock.zone)):%Y-%m-%d %H:%M:%S} {clock.letters(value)}"
    return format_html(
        '<time datetime="{}" title="{}" lang="{}" dir="auto">{}</time>',
        value.isoformat(),
        exact,
        clock.language,
        texts[form],
    )


@register.simple_tag(takes_context=True)
def ago(context: template.Context, value: datetime) -> SafeString:
    """How long before the page's moment: "just now", "12 min ago", "3 h ago", then the day."""
    minutes = int((context["now"] - value).total_seconds() // 60)
    if minutes < 1:
        text = pgettext("staff", "just now")
    elif minutes < 60:
        text = pgettext("staff", "%(minutes)s min ago") % {"minutes": minutes}
    elif minutes < 24 * 60:
        text = pgettext("staff", "%(hours)s h ago") % {"hours": minutes // 60}
    else:
        return SafeString(moment(context, value))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.simple_tag(takes_context=True)
def until(context: template.Context, value: datetime) -> SafeString:
    """How long after the page's moment: "any moment now", "in 40 s", "in 12 min", then the day and time."""
    seconds = int((value - context["now"]).total_seconds())
    if seconds < 5:
        text = pgettext("staff", "any moment now")
    elif seconds < 100:
        text = pgettext("staff", "in %(seconds)s s") % {"seconds": seconds}
    elif seconds < 100 * 60:
        text = pgettext("staff", "in %(minutes)s min") % {"minutes": round(seconds / 60)}
    else:
        return SafeString(moment(context, value))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.inclusion_tag("staff/_status.html")
def status_badge(status: str, label: str) -> dict[str, str]:
    """A request's status: a word and a colour."""
    return {"tone": _TONES.get(status, ""), "label": label}


@register.filter
def minutes(length: timedelta) -> str:
    """A length in words: "45 min", "2 h", "1 h 30 min"."""
    hours, rest = divmod(length // timedelta(minutes=1), 60)
    return " ".join(
        part
        for part in (
            pgettext("staff", "%(hours)s h") % {"hours": hours} if hours else "",
            pgettext("staff", "%(minutes)s min") % {"minutes": rest} if rest or not hours else "",
        )
        if part
    )


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """What a person would call it: "Firefox on Windows"."""
    name = next((name for mark, name in _BROWSERS if mark in user_agent), pgettext("staff", "A browser"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return pgettext("staff", "%(name)s on %(system)s") % {"name": name, "system": system} if system else name
