"""Inbound vendor calls, under /hooks/."""

from __future__ import annotations

from django.urls import path

from slotdesk.hooks import views

app_name = "hooks"

urlpatterns = [path("<str:connection_id>/", views.receive, name="receive")]
