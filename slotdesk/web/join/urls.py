"""Where an invitation into an account leads, under /join/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.join import views

app_name = "join"

urlpatterns = [path("<slug:secret>/", views.accept, name="accept")]
