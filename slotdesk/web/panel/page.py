"""The page that the PSA frames. It holds nothing of the account: everything is loaded once the viewer is proved."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from slotdesk.domain.connections.queries import find_connection_anywhere
from slotdesk.domain.connections.registry import frame_ancestors, get_manifest
from slotdesk.ports.errors import NotAuthorized
from slotdesk.web.access import public
from slotdesk.web.middleware import allow_framing


@require_GET
@public
def show(request: HttpRequest, connection_id: str) -> HttpResponse:
    connection = find_connection_anywhere(connection_id)
    if connection is None:
        raise Http404
    manifest = get_manifest(connection.kind)
    if not manifest.panel_script:
        raise Http404
    try:
        origins = frame_ancestors(connection)
    except NotAuthorized:
        origins = ()  # nobody may frame it until an administrator has entered the keys anew
    context = {
        "connection_id": connection.public_id,
        "psa": manifest.label,
        "script": static(manifest.panel_script),
        "origins": json.dumps(origins),
    }
    response = render(request, "panel/page.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return allow_framing(response, origins)
