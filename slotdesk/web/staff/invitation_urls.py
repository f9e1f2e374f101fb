"""Invitations into the account, under /app/invitations/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import invitations

urlpatterns = [
    path("", invitations.list_all, name="invitations"),
    path("new/", invitations.create, name="invitation-new"),
    path("<str:public_id>/renewal/", invitations.renew, name="invitation-renewal"),
    path("<str:public_id>/revocation/", invitations.revoke, name="invitation-revocation"),
]
