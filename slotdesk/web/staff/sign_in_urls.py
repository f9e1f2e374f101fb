"""
Signing in, under /accounts/: of django-allauth's pages, those that we have a use for, and the way through one's firm.

Nobody registers, and whoever is to be written to is changed by an administrator; so there is no page for either.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import urls as account_urls
from allauth.account import views as account_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import urls as webauthn_urls
from allauth.mfa.webauthn import views as webauthn_views
from allauth.socialaccount.providers.openid_connect import views as oidc_views
from allauth.socialaccount.providers.saml import views as saml_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from slotdesk.web.staff import joining, sessions, single_sign_on, switching
from slotdesk.web.staff.signing_out import also_at_the_provider
from slotdesk.web.sudo import came_through

_USED = frozenset(
    {
        "account_login",
        "account_inactive",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)

View = Callable[..., HttpResponse]


def _not_through_a_firm(view: View) -> View:
    """
    Let nobody add a key to an account whose door the firm opened.

    The firm's administrator decides whom its provider names. A password or passkey that was added in such a session
    would stay valid in another account that the person is invited to later. Who reads the mailbox can set a password.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and came_through(request):
            return render(request, "account/firm_decides.html", status=403)
        return view(request, *args, **kwargs)

    return opened


urlpatterns = [
    *(pattern for pattern in account_urls.urlpatterns if pattern.name in _USED),
    path("logout/", also_at_the_provider(account_views.logout), name="account_logout"),
    path("password/change/", _not_through_a_firm(account_views.password_change), name="account_change_password"),
    path("password/set/", _not_through_a_firm(account_views.password_set), name="account_set_password"),
    path("2fa/", include("allauth.mfa.base.urls")),
    path("2fa/totp/activate/", _not_through_a_firm(totp_views.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("2fa/passkeys/add/", _not_through_a_firm(webauthn_views.add_webauthn), name="mfa_add_webauthn"),
    path(
        "2fa/passkeys/",
        include(
            [pattern for pattern in webauthn_urls.urlpatterns if getattr(pattern, "name", "") != "mfa_add_webauthn"]
        ),
    ),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/<int:session_id>/end/", sessions.end, name="end_session"),
    path("switch/", switching.switch, name="switch_account"),
    path("join/", joining.ask, name="ask_to_join"),
    path("company/", single_sign_on.begin, name="single_sign_on"),
    path("company/<slug:slug>/", single_sign_on.firm, name="single_sign_on_firm"),
    path("oidc/<slug:provider_id>/login/", oidc_views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", single_sign_on.finish_oidc, name="openid_connect_callback"),
    path("saml/<slug:organization_slug>/login/", saml_views.login, name="saml_login"),
    path("saml/<slug:organization_slug>/metadata/", saml_views.metadata, name="saml_metadata"),
    path("saml/<slug:organization_slug>/acs/", saml_views.acs, name="saml_acs"),
    path("saml/<slug:organization_slug>/acs/finish/", single_sign_on.finish_saml, name="saml_finish_acs"),
    path("saml/<slug:organization_slug>/sls/", single_sign_on.end_by_provider, name="saml_sls"),
]
