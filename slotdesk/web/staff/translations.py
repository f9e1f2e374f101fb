"""Where the account's own texts are: appointment types, personal and team pages, branding, e-mail templates."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from slotdesk.domain.catalog.own_texts import texts_of_type, translate_type
from slotdesk.domain.events.own_texts import OwnText
from slotdesk.domain.links.models import PublicPage
from slotdesk.domain.links.pages import get_page, list_offers, translate_page
from slotdesk.domain.messages.editing import Unusable, translate_template
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.queries import get_template
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.team_queries import get_team
from slotdesk.domain.profile.operations import translate_brand
from slotdesk.domain.profile.queries import get_profile
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.domain.workflows.template_values import list_variables
from slotdesk.web.access import staff
from slotdesk.web.staff.other_languages import Owner, Refused, edit_texts
from slotdesk.web.staff.person_access import access_agent, may_edit
from slotdesk.web.staff.types import access_type

_GET_OR_POST = require_http_methods(["GET", "POST"])


@_GET_OR_POST
@staff(Permission.TYPES_VIEW)
def of_type(request: HttpRequest, public_id: str) -> HttpResponse:
    found = access_type(public_id)
    owner = Owner(
        account=found.account,
        texts=texts_of_type(found),
        translations=found.translations,
        name=found.internal_name,
        back=reverse("staff:type", args=[public_id]),
        save=partial(translate_type, appointment_type=found),
    )
    return edit_texts(request, owner, can_edit=_may(request, Permission.TYPES_EDIT))


@_GET_OR_POST
@staff(Permission.CALENDARS_VIEW_OWN)
def of_personal_page(request: HttpRequest, public_id: str) -> HttpResponse:
    agent = access_agent(request, public_id)
    can_edit = may_edit(request.member, agent)  # type: ignore[attr-defined]
    return edit_texts(request, _page(agent, "staff:user-page"), can_edit=can_edit)


@_GET_OR_POST
@staff(Permission.TEAMS_VIEW)
def of_team_page(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        team = get_team(public_id)
    except Team.DoesNotExist:
        raise Http404 from None
    can_edit = _may(request, Permission.TEAMS_EDIT)
    return edit_texts(request, _page(team, "staff:team-page"), can_edit=can_edit)


@_GET_OR_POST
@staff(Permission.BRANDING_VIEW)
def of_brand(request: HttpRequest) -> HttpResponse:
    account = request.member.account  # type: ignore[attr-defined]
    profile = get_profile(account)
    texts = [
        OwnText("greeting", gettext("Greeting"), profile.greeting, 300, is_long=True),
        OwnText("footer", gettext("Footer"), profile.footer, 300, is_long=True),
    ]
    owner = Owner(
        account=account,
        texts=[text for text in texts if text.original],
        translations=profile.translations,
        name=gettext("Branding"),
        back=reverse("staff:branding"),
        save=partial(translate_brand, profile=profile),
    )
    return edit_texts(request, owner, can_edit=_may(request, Permission.BRANDING_EDIT))


@_GET_OR_POST
@staff(Permission.EMAIL_VIEW)
def of_template(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        template = get_template(public_id)
    except Template.DoesNotExist:
        raise Http404 from None
    texts = [
        OwnText("subject", gettext("Subject"), template.subject, 500),
        OwnText("body", gettext("Body"), template.body, 100_000, is_long=True),
    ]

    def save(**told: Any) -> None:
        try:
            translate_template(template=template, variables=list_variables(), **told)
        except Unusable as error:
            raise Refused({problem.field: str(problem) for problem in reversed(error.problems)}) from error

    owner = Owner(
        account=template.account,
        texts=texts,
        translations=template.translations,
        name=template.name,
        back=reverse("staff:template", args=[public_id]),
        save=save,
    )
    return edit_texts(request, owner, can_edit=_may(request, Permission.EMAIL_EDIT))


def _page(resource: Agent | Team, route: str) -> Owner:
    page = get_page(resource)
    return Owner(
        account=resource.account,
        texts=[text for text in _texts_of_page(page) if text.original],
        translations=page.translations,
        name=str(resource),
        back=reverse(route, args=[resource.public_id]),
        save=partial(translate_page, page=page),
    )


def _texts_of_page(page: PublicPage) -> list[OwnText]:
    entries = [(offer.appointment_type, offer.text) for offer in list_offers(page)]
    return [
        OwnText("title", gettext("Title"), page.title, 120),
        OwnText("text", gettext("Text"), page.text, 1000, is_long=True),
        *(OwnText(f"entry.{each.public_id}", str(each), text, 300, is_long=True) for each, text in entries),
        OwnText("description", gettext("Description for search engines"), page.description, 200, is_long=True),
    ]


def _may(request: Any, permission: Permission) -> bool:
    return may(request.member.role, permission)
