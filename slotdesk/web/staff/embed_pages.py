"""Embed: the code with which a link, or a page of a person or team, is shown on a website; and how it looks."""

from __future__ import annotations

from dataclasses import dataclass

from babel.lists import format_list
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from slotdesk.domain.catalog.editing import list_resources
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.links.addresses import page_link, shareable_link
from slotdesk.domain.links.finding import find_link
from slotdesk.domain.links.pages import get_page
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.profile.embedding import list_websites
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.lib.habits import locale_of
from slotdesk.web.access import staff
from slotdesk.web.staff.embed_codes import LookForm, make_codes
from slotdesk.web.staff.pages import render_page
from slotdesk.web.staff.person_access import access_agent
from slotdesk.web.staff.public_page import access_team
from slotdesk.web.staff.type_editing import everybody
from slotdesk.web.staff.types import access_type


@dataclass(frozen=True, slots=True)
class _Shown:
    """
    What is to be embedded.

    off    why nobody can open it now; empty = anybody can
    back   where the member came from, and how that is called
    """

    account: Account
    name: str
    url: str
    off: str
    back: str
    back_name: str


@require_safe
@staff(Permission.TYPES_VIEW)
def show_type(request: HttpRequest, public_id: str) -> HttpResponse:
    """`for`: the address parts of whom it asks, with commas between; else whoever comes first."""
    found = access_type(public_id)
    resources = _asked_for(found, request.GET.get("for", ""))
    off = gettext("Shareable URLs are off for this appointment type: turn them on under Additional Settings.")
    names = [each.client_name if isinstance(each, Team) else each.name for each in resources]
    shown = _Shown(
        account=found.account,
        name=_named(found.client_name, names),
        url=shareable_link(found.account, resources, found) if resources and found.slug else "",
        off=off if found.shareable == AppointmentType.Shareable.OFF else "",
        back=reverse("staff:type", args=[public_id]),
        back_name=found.internal_name,
    )
    return _show(request, shown)


@require_safe
@staff(Permission.CALENDARS_VIEW_OWN)
def show_personal(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show_page(request, access_agent(request, public_id), reverse("staff:user-page", args=[public_id]))


@require_safe
@staff(Permission.TEAMS_VIEW)
def show_team(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show_page(request, access_team(public_id), reverse("staff:team-page", args=[public_id]))


def _asked_for(found: AppointmentType, slugs: str) -> list[Agent | Team]:
    if not slugs:
        return (list_resources(found) or everybody())[:1]
    link = find_link(found.account, slugs.split(","), found.slug)
    if link is None:
        raise Http404
    return list(link.resources)


def _named(name: str, people: list[str]) -> str:
    if not people:
        return name
    listed = format_list(people, locale=locale_of(get_language() or "en"))
    return gettext("%(type)s with %(people)s") % {"type": name, "people": listed}


def _show_page(request: HttpRequest, resource: Agent | Team, back: str) -> HttpResponse:
    is_on = get_page(resource).is_on
    shown = _Shown(
        account=resource.account,
        name=gettext("The page of %(resource)s") % {"resource": resource},
        url=page_link(resource.account, resource),
        off="" if is_on else gettext("The page is off: turn it on first."),
        back=back,
        back_name=str(resource),
    )
    return _show(request, shown)


def _show(request: HttpRequest, shown: _Shown) -> HttpResponse:
    form = LookForm(request.GET)
    look = form.cleaned_data if form.is_valid() else {}
    codes = make_codes(shown.account, shown.url, look) if shown.url else []
    context = {
        "shown": shown,
        "form": form,
        "codes": codes,
        # The same page as staff see it: at the address that they are at.
        "preview": shown.url.removeprefix(str(settings.PUBLIC_URL)),
        "kept": {"for": request.GET["for"]} if "for" in request.GET else {},
        "websites": list_websites(shown.account),
    }
    return render_page(request, "staff/embedding/codes.html", context, now=timezone.now())
