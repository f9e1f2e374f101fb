"""A person's or a team's own page: what can be booked with them, each entry a link of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from slotdesk.domain.links.addresses import page_link
from slotdesk.domain.links.models import PublicPage
from slotdesk.domain.links.pages import Offer, list_bookable
from slotdesk.domain.people.models import Team
from slotdesk.domain.profile.queries import get_profile
from slotdesk.web.access import by_page_link
from slotdesk.web.public.forms import kept_values
from slotdesk.web.public.link_visit import carried_from
from slotdesk.web.public.pages import PLACES, initials_of

_LONGEST_DESCRIPTION = 200


@by_page_link
@require_safe
def show(request: HttpRequest, page: PublicPage) -> HttpResponse:
    """
    The page. Where visitors come from, a language that they chose, and what the address says for them go along to
    whatever they book.
    """
    carried = carried_from(request) | kept_values(request)
    return render(request, "public/page.html", page_context(page, carried))


def page_context(page: PublicPage, carried: dict[str, str]) -> dict[str, Any]:
    """What the page shows, whether it is on or not."""
    account, resource = page.account, page.resource
    name = resource.client_name if isinstance(resource, Team) else resource.name
    here, query = _address_of(page), f"?{urlencode(carried)}" if carried else ""
    return {
        "account": account,
        "page": page,
        "text": page.spoken("text"),
        "name": name,
        "initials": initials_of(name),
        "title": page.spoken("title") or gettext("Book a time with %(name)s") % {"name": name},
        "description": _describe(page, name),
        "address": page_link(account, resource),
        "image": _image_of(page),
        "entries": [
            _entry(page, offer, f"{here}{offer.appointment_type.slug}/{query}") for offer in list_bookable(page)
        ],
    }


def _entry(page: PublicPage, offer: Offer, url: str) -> dict[str, Any]:
    kind = offer.appointment_type
    return {
        "name": kind.spoken_name,
        "url": url,
        "minutes": int(kind.duration.total_seconds() // 60),
        "icon": kind.place,
        "place": PLACES.get(kind.place, ""),
        "text": page.spoken_entry(kind.public_id, offer.text) or kind.spoken_description,
    }


def _address_of(page: PublicPage) -> str:
    account = {} if page.account.is_first else {"account": page.account.slug}
    return reverse("public:page", kwargs={"resource": page.resource.slug, **account})


def _describe(page: PublicPage, name: str) -> str:
    """For search engines and messengers, as one line."""
    text = page.spoken("description") or " ".join(page.spoken("text").split())
    own = gettext("Pick a free time with %(name)s, %(account)s.") % {"name": name, "account": page.account.name}
    return Truncator(text).chars(_LONGEST_DESCRIPTION) or own


def _image_of(page: PublicPage) -> str:
    digest = get_profile(page.account).logo_digest
    return f"{settings.PUBLIC_URL}{reverse('public:logo', args=[page.account.public_id, digest])}" if digest else ""
