"""Who may call in: whoever knows a connection's unguessable address and signs as its vendor does."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def by_vendor_signature(view: View) -> View:
    """The view verifies the signature itself, since it covers the body. There is no cookie to be misused."""
    view.access = "vendor signature"  # type: ignore[attr-defined]
    return csrf_exempt(view)
