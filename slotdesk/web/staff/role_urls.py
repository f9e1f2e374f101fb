"""Roles and permissions, under /app/settings/roles/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import roles

urlpatterns = [
    path("", roles.list_all, name="roles"),
    path("users/", roles.list_users, name="role-users"),
    path("new/", roles.create, name="role-new"),
    path("<str:public_id>/", roles.edit, name="role"),
    path("<str:public_id>/deletion/", roles.delete, name="role-deletion"),
]
