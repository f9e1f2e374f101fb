"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from slotdesk import __version__


def shared(request: HttpRequest) -> dict[str, Any]:
    """The product's version and the member who is signed in, if any."""
    return {"version": __version__, "member": getattr(request, "member", None)}
