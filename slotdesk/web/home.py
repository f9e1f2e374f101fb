"""The bare address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from slotdesk.web.access import public


@public
def to_staff(_request: HttpRequest) -> HttpResponse:
    """Clients never come here: their links are their own. Whoever does is looking for the staff app."""
    return redirect("staff:home")
