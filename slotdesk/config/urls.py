"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from slotdesk.web.access import public

urlpatterns = [
    path("", public(RedirectView.as_view(pattern_name="staff:home"))),
    path("accounts/", include("allauth.urls")),
    path("app/", include("slotdesk.web.staff.urls")),
    path("panel/", include("slotdesk.web.panel.urls")),
    path("hooks/", include("slotdesk.hooks.urls")),
    path("", include("slotdesk.web.public.urls")),
]
