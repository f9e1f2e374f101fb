"""The account's settings, under /app/settings/."""

from __future__ import annotations

from django.urls import include, path

from slotdesk.web.staff import audit

urlpatterns = [
    path("security/", include("slotdesk.web.staff.security_urls")),
    path("roles/", include("slotdesk.web.staff.role_urls")),
    path("audit/", audit.list_all, name="audit"),
    path("audit/audit-log.csv", audit.download, name="audit-csv"),
    path("audit/<int:event_id>/", audit.show, name="audit-event"),
]
