"""The account's settings, under /app/settings/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import audit

urlpatterns = [
    path("audit/", audit.list_all, name="audit"),
    path("audit/audit-log.csv", audit.download, name="audit-csv"),
    path("audit/<int:event_id>/", audit.show, name="audit-event"),
]
