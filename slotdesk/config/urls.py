"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path

from slotdesk.web import home

urlpatterns = [
    path("", home.to_staff, name="root"),
    path("accounts/", include("slotdesk.web.staff.sign_in_urls")),
    path("app/", include("slotdesk.web.staff.urls")),
    path("join/", include("slotdesk.web.join.urls")),
    path("panel/", include("slotdesk.web.panel.urls")),
    path("hooks/", include("slotdesk.hooks.urls")),
    path("", include("slotdesk.web.public.urls")),
]
