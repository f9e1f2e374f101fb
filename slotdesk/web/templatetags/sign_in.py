"""What the pages around signing in say."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from slotdesk.domain.sign_in.second_factor import find_deadline
from slotdesk.domain.sign_in.single_sign_on import find_by_id, find_only_one
from slotdesk.domain.tenants.models import Membership
from slotdesk.web.staff.single_sign_on import login_url
from slotdesk.web.sudo import came_through

register = template.Library()


@register.inclusion_tag("staff/security/_second_factor_notice.html", takes_context=True)
def second_factor_notice(context: template.Context, member: Membership | None) -> dict[str, Any]:
    """A reminder while there is time to set up a second factor, and what to do when there is none left."""
    if member is None or came_through(context["request"]):
        return {}
    deadline = find_deadline(member)
    if deadline is None:
        return {}
    left = deadline - timezone.now()
    return {"is_asked": True, "days": max(left.days + 1, 1) if left.total_seconds() > 0 else 0}


@register.inclusion_tag("account/_single_sign_on_link.html")
def single_sign_on_link() -> dict[str, Any]:
    """The way through one's firm: at once where there is only one, else by the firm's short name."""
    return {"single_sign_on": find_only_one()}


@register.simple_tag
def again_url(provider: str, following: str) -> str:
    """Where somebody who came through their firm signs in again; empty when that way is gone."""
    single_sign_on = find_by_id(provider)
    if single_sign_on is None or not single_sign_on.is_on:
        return ""
    return f"{reverse('single_sign_on_firm', args=[single_sign_on.account.slug])}?next={following}"


@register.simple_tag
def try_url(provider: str) -> str:
    """Where an administrator tries the provider, to come back as who they are."""
    single_sign_on = find_by_id(provider)
    return login_url(single_sign_on, reverse("staff:single-sign-on-tried"), is_try=True) if single_sign_on else ""
