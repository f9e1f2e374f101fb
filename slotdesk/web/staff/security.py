"""Settings → Security: second factor, signing in through the firm, who may join by themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.people.join_domains import list_join_domains
from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.second_factor import (
    AdministratorsOnly,
    PlacesElsewhere,
    ask_for_second_factor,
    list_with_second_factor,
    list_without,
    reset_second_factor,
)
from slotdesk.domain.sign_in.single_sign_on import (
    NotTested,
    OidcSettings,
    SamlSettings,
    delete_single_sign_on,
    find_single_sign_on,
    list_users,
    note_test,
    open_settings,
    public_id_of,
    save_single_sign_on,
    switch_single_sign_on,
)
from slotdesk.domain.tenants.grants import covers
from slotdesk.domain.tenants.models import Account, Membership, Role, SecondFactor
from slotdesk.domain.tenants.permissions import BuiltIn, Permission
from slotdesk.lib.crypto import CannotDecrypt
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.signing_out import return_address
from slotdesk.web.staff.single_sign_on import TRIED
from slotdesk.web.staff.single_sign_on_form import FORMS, KINDS, kind_of
from slotdesk.web.sudo import sudo, sudo_with_secrets


class SecondFactorForm(forms.Form):
    whom = forms.ChoiceField(
        label=gettext_lazy("Who must use it"), choices=SecondFactor.choices, widget=forms.RadioSelect
    )


@require_GET
@staff(Permission.SECURITY_VIEW)
def show(request: HttpRequest) -> HttpResponse:
    account: Account = request.member.account  # type: ignore[attr-defined]
    context = {
        "account": account,
        "form": SecondFactorForm(initial={"whom": account.second_factor}),
        "without": list_without(account),
        "protected": list_with_second_factor(account),
        "single_sign_on": find_single_sign_on(),
        "join_domains": list_join_domains(),
        "join_roles": _roles_to_give(request),
        "way_in": f"{settings.PUBLIC_URL}{reverse('single_sign_on_firm', args=[account.slug])}",
    }
    return render_page(request, "staff/security/show.html", context, now=timezone.now())


@require_POST
@staff(Permission.SECURITY_EDIT)
@sudo
def ask_second_factor(request: HttpRequest) -> HttpResponse:
    form = SecondFactorForm(request.POST)
    if form.is_valid():
        ask_for_second_factor(
            account=request.member.account,  # type: ignore[attr-defined]
            whom=SecondFactor(form.cleaned_data["whom"]),
            actor=actor_of(request),
            now=timezone.now(),
        )
        messages.success(
            request, gettext("Saved. People who have no second factor yet see how many days they have left.")
        )
    else:
        messages.error(request, gettext("Choose who must use a second factor."))
    return redirect("staff:security")


@require_POST
@staff(Permission.USERS_RESET_SECOND_FACTOR)
@sudo
def reset(request: HttpRequest, public_id: str) -> HttpResponse:
    member = Membership.objects.select_related("user", "role", "account").filter(public_id=public_id).first()
    if member is None:
        raise Http404
    try:
        reset_second_factor(
            member=member,
            by=request.member,  # type: ignore[attr-defined]
            actor=actor_of(request),
            now=timezone.now(),
        )
    except AdministratorsOnly:
        raise PermissionDenied from None
    except PlacesElsewhere:
        messages.error(
            request,
            gettext("%(user)s belongs to other accounts too; whoever runs this installation can help.")
            % {"user": member.user},
        )
    else:
        messages.success(
            request,
            gettext("%(user)s signs in without a second factor now, and is told so by e-mail.") % {"user": member.user},
        )
    return redirect("staff:security")


@require_http_methods(["GET", "POST"])
@staff(Permission.SECURITY_EDIT)
@sudo_with_secrets
def edit_single_sign_on(request: HttpRequest) -> HttpResponse:
    """Choose the kind of provider, then enter it. What is stored is used only after a test."""
    _administrators_only(request)
    account, now = request.member.account, timezone.now()  # type: ignore[attr-defined]
    stored = find_single_sign_on()
    kind = request.GET.get("kind", "") or (kind_of(stored) if stored else "")
    if kind not in KINDS:
        return render_page(request, "staff/security/kinds.html", {"kinds": KINDS}, now=now)
    title, protocol, vendor, label = KINDS[kind]
    values = _values(stored) if stored and kind_of(stored) == kind else None
    initial: dict[str, Any] = {"label": label}
    if stored:
        initial |= {"domains": "\n".join(stored.domains), "default_role": stored.default_role}
    if values and stored:
        initial["label"] = stored.label
    sent = request.POST if request.method == "POST" else None
    form = FORMS[kind](sent, stored=values, roles=_roles_to_give(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        save_single_sign_on(
            account=account,
            protocol=protocol,
            vendor=vendor,
            label=form.cleaned_data["label"],
            values=form.values,
            domains=form.cleaned_data["domains"],
            default_role=form.cleaned_data["default_role"],
            by=request.member.role,  # type: ignore[attr-defined]
            actor=actor_of(request),
            now=now,
        )
        messages.success(request, gettext("Saved. Try it next: you go there, sign in, and come back here."))
        return redirect("staff:security")
    context = {"form": form, "title": title, "kind": kind, "addresses": _addresses(account, protocol)}
    return render_page(request, "staff/security/edit.html", context, now=now, status=422 if form.errors else 200)


@require_GET
@staff(Permission.SECURITY_EDIT)
def tried(request: HttpRequest) -> HttpResponse:
    """Back from the provider: say what it told, and remember that it works."""
    _administrators_only(request)
    single_sign_on, said = find_single_sign_on(), request.session.pop(TRIED, None)
    if single_sign_on is None or not said or said["id"] != single_sign_on.public_id:
        messages.error(request, gettext("The provider was not tried."))
    elif said["email"].lower().rpartition("@")[2] not in single_sign_on.domains:
        address = said["email"] or gettext("no address")
        messages.error(
            request,
            gettext("The provider answered with %(address)s, which does not lie in your domains.")
            % {"address": address},
        )
    else:
        note_test(single_sign_on, actor=actor_of(request), now=timezone.now())
        messages.success(
            request,
            gettext("It works: the provider says you are %(name)s <%(email)s>.")
            % {"name": said["name"], "email": said["email"]},
        )
    return redirect("staff:security")


@require_POST
@staff(Permission.SECURITY_EDIT)
@sudo
def switch(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    try:
        switch_single_sign_on(
            account=request.member.account,  # type: ignore[attr-defined]
            is_on="is_on" in request.POST,
            is_required="is_required" in request.POST,
            by=request.member.role,  # type: ignore[attr-defined]
            actor=actor_of(request),
            now=timezone.now(),
        )
    except (SingleSignOn.DoesNotExist, NotTested):
        messages.error(request, gettext("Try it first: nothing is turned on that has not worked once."))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("staff:security")


@require_http_methods(["GET", "POST"])
@staff(Permission.SECURITY_EDIT)
@sudo
def remove_single_sign_on(request: HttpRequest) -> HttpResponse:
    """Say what becomes of the provider's people, then forget it."""
    _administrators_only(request)
    single_sign_on = find_single_sign_on()
    if single_sign_on is None:
        messages.error(request, gettext("There is no provider any more."))
        return redirect("staff:security")
    if request.method == "POST":
        mine: Role = request.member.role  # type: ignore[attr-defined]
        account, actor = single_sign_on.account, actor_of(request)
        delete_single_sign_on(account=account, by=mine, actor=actor, now=timezone.now())
        messages.success(
            request,
            gettext("%(label)s is removed. Whoever came through it is signed out.") % {"label": single_sign_on.label},
        )
        return redirect("staff:security")
    context = {"single_sign_on": single_sign_on, "users": list_users(single_sign_on)}
    return render_page(request, "staff/security/removal.html", context, now=timezone.now())


def _administrators_only(request: HttpRequest) -> None:
    """
    How one signs in through the firm: whoever chooses the provider could have it name them an administrator.

    Raises PermissionDenied.
    """
    if request.member.role.key != BuiltIn.ADMINISTRATOR:  # type: ignore[attr-defined]
        raise PermissionDenied


def _roles_to_give(request: HttpRequest) -> QuerySet[Role]:
    """
    What somebody who comes by themselves may become: nothing that the giver is not, and never an administrator.

    Otherwise a provider, or a domain, would decide who runs the account.
    """
    giver: Role = request.member.role  # type: ignore[attr-defined]
    roles = Role.objects.exclude(key=BuiltIn.ADMINISTRATOR)
    return roles.filter(pk__in=[role.pk for role in roles if covers(giver, role)]).order_by("name")


def _values(single_sign_on: SingleSignOn) -> OidcSettings | SamlSettings | None:
    """What is stored, or nothing when the key that opens it is gone: then everything is entered anew."""
    try:
        return open_settings(single_sign_on)
    except CannotDecrypt:
        return None


def _addresses(account: Account, protocol: SingleSignOn.Protocol) -> list[tuple[str, str]]:
    """What has to be entered at the provider."""
    public_id = public_id_of(account)
    names = {gettext("Redirect URI"): "openid_connect_callback"}
    if protocol == SingleSignOn.Protocol.SAML:
        names = {
            gettext("Identifier (entity ID), also the address of our metadata"): "saml_metadata",
            gettext("Reply address (ACS)"): "saml_acs",
            gettext("Sign-out address (single logout; signed requests only)"): "saml_sls",
        }
    addresses = [(title, f"{settings.PUBLIC_URL}{reverse(name, args=[public_id])}") for title, name in names.items()]
    if protocol == SingleSignOn.Protocol.OIDC:
        addresses.append((gettext("Post-logout redirect URI, where the provider asks for one"), return_address()))
    return addresses
