"""
Signing in, under /accounts/: of django-allauth's pages, those that we have a use for.

Nobody registers, and whoever is to be written to is changed by an administrator; so there is no page for either.
"""

from __future__ import annotations

from allauth.account import urls as account_urls
from django.urls import include, path

_USED = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)

urlpatterns = [
    *(pattern for pattern in account_urls.urlpatterns if pattern.name in _USED),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
