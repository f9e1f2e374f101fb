"""Joining one's firm's account by oneself: the form that anybody may send, and the domains that allow it."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.people.join_domains import BadDomain, add_join_domain, ask_to_join, remove_join_domain
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.models import Role
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import public, staff
from slotdesk.web.staff.pages import actor_of
from slotdesk.web.sudo import sudo


class AskForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Your work e-mail"), max_length=254)


@require_http_methods(["GET", "POST"])
@public
def ask(request: HttpRequest) -> HttpResponse:
    """Whatever is entered, the answer is the same: look in your mailbox."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/ask_to_join.html", {"form": form}, status=422 if form.errors else 200)
    refused = ratelimit.consume_or_429(
        request, app="allauth.account", action="signup", key=form.cleaned_data["email"].lower()
    )
    if refused is not None:
        return refused  # type: ignore[no-any-return]
    ask_to_join(form.cleaned_data["email"])
    return render(request, "account/asked_to_join.html", {"email": form.cleaned_data["email"]})


@require_POST
@staff(Permission.SECURITY_EDIT)
@sudo
def add(request: HttpRequest) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    role = Role.objects.filter(public_id=request.POST.get("role", "")).first()
    domain = request.POST.get("domain", "")
    try:
        if role is None:
            raise BadDomain(gettext("Choose the role that they get."))
        add_join_domain(
            account=member.account,
            domain=domain,
            role=role,
            by=member.role,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except BadDomain as error:
        messages.error(request, gettext("“%(domain)s” was not added. %(error)s") % {"domain": domain, "error": error})
    except NotYoursToGive:
        messages.error(request, gettext("This role allows more than yours, so it is not yours to give."))
    else:
        messages.success(request, gettext("Saved. People with an address there can join by themselves."))
    return redirect("staff:security")


@require_POST
@staff(Permission.SECURITY_EDIT)
@sudo
def remove(request: HttpRequest) -> HttpResponse:
    remove_join_domain(
        account=request.member.account,  # type: ignore[attr-defined]
        domain=request.POST.get("domain", ""),
        actor=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, gettext("Saved. Who has joined by it stays."))
    return redirect("staff:security")
