"""The account's settings, under /app/settings/."""

from __future__ import annotations

from django.urls import include, path

from slotdesk.web.staff import audit, privacy

urlpatterns = [
    path("security/", include("slotdesk.web.staff.security_urls")),
    path("roles/", include("slotdesk.web.staff.role_urls")),
    path("privacy/", privacy.edit, name="privacy"),
    path("privacy/client/", privacy.find_client, name="privacy-client"),
    path("privacy/client/export/", privacy.export, name="privacy-export"),
    path("privacy/client/erasure/", privacy.erase, name="privacy-erasure"),
    path("audit/", audit.list_all, name="audit"),
    path("audit/audit-log.csv", audit.download, name="audit-csv"),
    path("audit/<int:event_id>/", audit.show, name="audit-event"),
]
