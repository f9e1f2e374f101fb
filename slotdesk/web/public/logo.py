"""The account's logo."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from slotdesk.domain.profile.queries import find_logo
from slotdesk.web.access import public


@public
@require_safe
def show(request: HttpRequest, account_id: str, digest: str) -> HttpResponse:
    """Another logo has another address, so this one may be kept for good."""
    png = find_logo(account_id=account_id, digest=digest) if digest else None
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "public, max-age=31536000, immutable"})
