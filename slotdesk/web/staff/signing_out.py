"""
Signing out of what was entered through one's firm: here first, then at the provider, where it offers that.

Otherwise the next click on "sign in through your company" would let in whoever sits there, without asking.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml.utils import build_auth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.single_sign_on import SamlSettings, find_by_id, open_settings
from slotdesk.lib.crypto import CannotDecrypt
from slotdesk.web.sudo import came_through

View = Callable[..., HttpResponse]
# What the provider wants to see again when the session ends.
_KEPT = "single_sign_on_session"


def keep_for_signing_out(request: HttpRequest, *, id_token: str, name_id: str) -> None:
    """Keep, as long as the session lasts, by what the provider knows it: the ID token, or SAML's name of the person."""
    request.session[_KEPT] = {"id_token": id_token, "name_id": name_id}


def also_at_the_provider(view: View) -> View:
    """
    After signing out here, lead on to the provider that opened the session, if it has a way to sign out.

    A page leads there, because the content security policy lets no form go elsewhere, also not by way of a redirect.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_leaving = request.method == "POST" and request.user.is_authenticated
        single_sign_on = find_by_id(came_through(request)) if is_leaving else None
        url = sign_out_url(request, single_sign_on) if single_sign_on else ""
        answer = view(request, *args, **kwargs)
        if single_sign_on is None or not url:
            return answer
        page = render(request, "account/signing_out.html", {"url": url, "label": single_sign_on.label})
        page.headers["Refresh"] = f"0; url={url}"
        return page

    return opened


def sign_out_url(request: HttpRequest, single_sign_on: SingleSignOn) -> str:
    """
    Where the session that it opened ends at the provider; empty when the provider has no such place.

    The provider is asked where that is. One that gives no answer keeps nobody from signing out here.
    """
    kept = request.session.get(_KEPT, {})
    try:
        if single_sign_on.protocol == SingleSignOn.Protocol.OIDC:
            return _oidc_url(request, single_sign_on, kept.get("id_token", ""))
        return _saml_url(request, single_sign_on, kept.get("name_id", ""))
    except (requests.RequestException, ValueError, CannotDecrypt):
        return ""


def return_address() -> str:
    """Where providers send people back to after signing them out; it is entered there."""
    return f"{settings.PUBLIC_URL}{reverse('account_login')}"


def _oidc_url(request: HttpRequest, single_sign_on: SingleSignOn, id_token: str) -> str:
    """OpenID Connect RP-Initiated Logout 1.0. https://openid.net/specs/openid-connect-rpinitiated-1_0.html"""
    adapter = OpenIDConnectOAuth2Adapter(request, single_sign_on.public_id)
    endpoint = str(adapter.openid_config.get("end_session_endpoint") or "")
    if urlsplit(endpoint).scheme not in ("https", "http"):
        return ""
    query = {"client_id": adapter.get_provider().app.client_id, "post_logout_redirect_uri": return_address()}
    hint = {"id_token_hint": id_token} if id_token else {}
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(hint | query)}"


def _saml_url(request: HttpRequest, single_sign_on: SingleSignOn, name_id: str) -> str:
    values = open_settings(single_sign_on)
    if not (isinstance(values, SamlSettings) and values.slo_url and name_id):
        return ""
    provider = get_adapter().get_provider(request, "saml", client_id=single_sign_on.public_id)
    return str(build_auth(request, provider).logout(return_to=return_address(), name_id=name_id))
