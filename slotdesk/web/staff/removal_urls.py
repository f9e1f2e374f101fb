"""Removing a person from the account, under /app/users/<person>/removal/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import removal

urlpatterns = [
    path("", removal.plan, name="user-removal"),
    path("<str:removal_id>/", removal.show, name="user-removal-run"),
    path("<str:removal_id>/progress/", removal.show_progress, name="user-removal-progress"),
    path("<str:removal_id>/start/", removal.start, name="user-removal-start"),
    path("<str:removal_id>/again/", removal.try_again, name="user-removal-again"),
]
