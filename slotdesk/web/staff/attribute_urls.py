"""Custom attributes, under /app/settings/attributes/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import attributes

urlpatterns = [
    path("", attributes.list_all, name="attributes"),
    path("new/", attributes.create, name="attribute-new"),
    path("<str:public_id>/", attributes.edit, name="attribute"),
    path("<str:public_id>/archive/", attributes.archive, name="attribute-archive"),
    path("<str:public_id>/restoration/", attributes.restore, name="attribute-restoration"),
]
