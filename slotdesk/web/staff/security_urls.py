"""How the account's people sign in, under /app/settings/security/."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.staff import joining, security

urlpatterns = [
    path("", security.show, name="security"),
    path("second-factor/", security.ask_second_factor, name="second-factor"),
    path("second-factor/<str:public_id>/reset/", security.reset, name="second-factor-reset"),
    path("company/", security.edit_single_sign_on, name="single-sign-on"),
    path("company/tried/", security.tried, name="single-sign-on-tried"),
    path("company/switch/", security.switch, name="single-sign-on-switch"),
    path("company/removal/", security.remove_single_sign_on, name="single-sign-on-removal"),
    path("join/add/", joining.add, name="join-domain-add"),
    path("join/remove/", joining.remove, name="join-domain-remove"),
]
