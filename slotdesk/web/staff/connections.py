"""Integrations: connecting the PSA, its health, and what is set up there."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import BaseModel

from slotdesk.domain.connections.credentials import unseal
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.operations import (
    AnotherPsa,
    install_panel,
    save_connection,
    subscribe_to_changes,
)
from slotdesk.domain.connections.psa_sync import sync_psa
from slotdesk.domain.connections.queries import find_psa
from slotdesk.domain.connections.registry import UnknownIntegration, get_manifest, manifests
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.lib.crypto import CannotDecrypt
from slotdesk.ports import errors
from slotdesk.ports.manifest import Manifest
from slotdesk.web.access import staff
from slotdesk.web.staff.connection_form import ConnectionForm
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.sudo import ask_again, sudo


@require_GET
@staff(Permission.INTEGRATIONS_VIEW)
def list_all(request: HttpRequest) -> HttpResponse:
    psas = sorted((item for item in manifests().values() if item.psa), key=lambda item: item.label)
    context = {"psas": psas, "connection": find_psa()}
    return render_page(request, "staff/connections/list.html", context, now=timezone.now())


@require_http_methods(["GET", "POST"])
@staff(Permission.INTEGRATIONS_VIEW)
def edit(request: HttpRequest, kind: str) -> HttpResponse:
    """*Test and save*: settings that the vendor refuses are not stored, so a working connection goes on working."""
    manifest, connection, now = _manifest(kind), _find(kind), timezone.now()
    can_edit = may(request.member.role, Permission.INTEGRATIONS_EDIT)  # type: ignore[attr-defined]
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    asked = ask_again(request, has_secrets=True) if can_edit else None
    if asked is not None:
        return asked
    form = ConnectionForm(request.POST or None, model=manifest.settings, stored=_stored(manifest, connection))
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_connection(
                account=request.member.account,  # type: ignore[attr-defined]
                kind=kind,
                values=form.values,
                actor=actor_of(request),
                now=now,
            )
        except errors.PortError as error:
            refusal = str(error)
        except AnotherPsa:
            refusal = gettext("Another PSA is connected already; an account has one.")
        else:
            _after_saving(request, saved, is_first=connection is None)
            return redirect("staff:psa", kind)
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "manifest": manifest,
        "connection": connection,
        "form": form,
        "refusal": refusal,
        "can_edit": can_edit,
        "panel_url": _panel_url(connection) if connection else "",
    }
    status = 422 if form.errors or refusal else 200
    return render_page(request, "staff/connections/edit.html", context, now=now, status=status)


@require_POST
@staff(Permission.INTEGRATIONS_EDIT)
def sync(request: HttpRequest, kind: str) -> HttpResponse:
    connection = _get(kind)
    _try(
        request,
        lambda: sync_psa(connection=connection, now=timezone.now()),
        gettext("Synchronised: boards, people, hours and holidays are as they are in the PSA."),
    )
    return redirect("staff:psa", kind)


@require_POST
@staff(Permission.INTEGRATIONS_EDIT)
@sudo
def install(request: HttpRequest, kind: str) -> HttpResponse:
    connection = _get(kind)
    _try(
        request,
        lambda: install_panel(connection=connection, url=_panel_url(connection)),
        gettext("The panel is installed. Each technician adds it to their ticket screen once."),
    )
    return redirect("staff:psa", kind)


@require_POST
@staff(Permission.INTEGRATIONS_EDIT)
@sudo
def subscribe(request: HttpRequest, kind: str) -> HttpResponse:
    connection = _get(kind)
    url = f"{settings.PUBLIC_URL}{reverse('hooks:receive', args=[connection.public_id])}"
    _try(
        request,
        lambda: subscribe_to_changes(connection=connection, url=url),
        gettext("The PSA now tells Slotdesk at once when tickets and schedules change."),
    )
    return redirect("staff:psa", kind)


def _after_saving(request: HttpRequest, connection: Connection, *, is_first: bool) -> None:
    messages.success(request, gettext("Tested and saved: connected with %(label)s.") % {"label": connection.label})
    if is_first:
        _try(
            request,
            lambda: sync_psa(connection=connection, now=timezone.now()),
            gettext(
                "Boards, people, hours and holidays have been read. Next: choose who can be booked, then the statuses."
            ),
        )


def _try(request: HttpRequest, work: Callable[[], None], done: str) -> None:
    """Do it and say how it went, in the vendor's words where it failed."""
    try:
        work()
    except errors.PortError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


def _panel_url(connection: Connection) -> str:
    return f"{settings.PUBLIC_URL}{reverse('panel:page', args=[connection.public_id])}"


def _manifest(kind: str) -> Manifest:
    try:
        manifest = get_manifest(kind)
    except UnknownIntegration:
        raise Http404 from None
    if not manifest.psa:
        raise Http404
    return manifest


def _find(kind: str) -> Connection | None:
    return Connection.objects.select_related("account").filter(kind=kind).first()


def _get(kind: str) -> Connection:
    connection = _find(kind)
    if connection is None:
        raise Http404
    return connection


def _stored(manifest: Manifest, connection: Connection | None) -> BaseModel | None:
    """What is stored, or nothing when the key that opens it is gone: then everything is entered anew."""
    if connection is None:
        return None
    try:
        return unseal(manifest.settings, connection.settings)
    except CannotDecrypt:
        return None
