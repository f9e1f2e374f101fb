"""Signing in through one's firm: our accounts' providers, as django-allauth asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import deserialize_request
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml.views import finish_acs as saml_finish
from allauth.socialaccount.providers.saml.views import sls as saml_sls
from allauth.socialaccount.sessions import LoginSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from slotdesk.domain.people.admission import Identity, SignInRefused, admit
from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.single_sign_on import (
    OidcSettings,
    SamlSettings,
    find_by_id,
    find_of_firm,
    open_settings,
)
from slotdesk.lib.crypto import CannotDecrypt
from slotdesk.lib.http import Door, HttpError
from slotdesk.web.access import public
from slotdesk.web.staff.signing_out import keep_for_signing_out

# Under which names a provider sends a person's name.
_NAMES = ("name", "displayName", "http://schemas.microsoft.com/identity/claims/displayname")
_NO_ANSWER = gettext_lazy("Your company’s sign-in gave no answer we may trust.")
# On a request: which certificate to check with, said by a view that tries each.
_CERTIFICATE = "saml_certificate"
ChooseCertificate = Callable[[list[str]], str]
# What an administrator's try of the provider brought back, until the settings page has shown it.
TRIED = "single_sign_on_tried"


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An account's provider is found by its public id; nothing is kept in allauth's own table of providers."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """`provider` is our public id for OpenID Connect; for SAML `client_id` is."""
        single_sign_on = find_by_id(client_id or provider or "")
        if single_sign_on is None:
            return []
        try:
            return [_app(single_sign_on, getattr(request, _CERTIFICATE, None) or _signed_with(request))]
        except CannotDecrypt:
            return []

    def get_requests_session(self) -> requests.Session:
        """Calls to a provider go through our one door, like all others."""
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", _ThroughTheDoor())
        session.mount("http://", _ThroughTheDoor())
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The provider has said who it is; here we say whether that opens a session, and whose."""
        single_sign_on = find_by_id(sociallogin.account.provider)
        if single_sign_on is None:
            raise ImmediateHttpResponse(_refused(request, gettext("This way to sign in is not there any more.")))
        try:
            identity = _identity(sociallogin, single_sign_on)
        except SignInRefused as refusal:
            raise ImmediateHttpResponse(_refused(request, str(refusal))) from None
        process = sociallogin.state.get("process")
        if process == AuthProcess.REDIRECT:
            request.session[TRIED] = {"id": single_sign_on.public_id, "email": identity.email, "name": identity.name}
            return
        if process == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(
                _refused(request, gettext("Please sign out first, then sign in through your company."))
            )
        try:
            sociallogin.user = admit(single_sign_on, identity, now=timezone.now())
        except SignInRefused as refusal:
            raise ImmediateHttpResponse(_refused(request, str(refusal))) from None
        keep_for_signing_out(request, id_token=getattr(sociallogin, "id_token", ""), name_id=identity.uid)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        words = (
            gettext("You cancelled it there, or your company does not let you in.") if str(error) == "cancelled" else ""
        )
        raise ImmediateHttpResponse(_refused(request, words or str(_NO_ANSWER)))


@require_GET
@public
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the firm's short name, which leads to its provider. It says nothing about anybody's address."""
    slug = request.GET.get("firm", "").strip().lower()
    found = find_of_firm(slug) if slug else None
    if found is not None:
        return redirect("single_sign_on_firm", slug)
    return render(request, "account/firm.html", {"slug": slug, "is_unknown": bool(slug)}, status=404 if slug else 200)


@require_GET
@public
def firm(request: HttpRequest, slug: str) -> HttpResponse:
    """A firm's own way in. A link leads on, because the content security policy lets no form go elsewhere."""
    found = find_of_firm(slug)
    if found is None:
        raise Http404
    following = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts=None):
        following = ""
    context = {"single_sign_on": found, "url": login_url(found, following)}
    return render(request, "account/through_firm.html", context)


@require_GET
@public
def finish_saml(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Judge what a SAML provider has sent; what is no answer, or no answer to us, gets the same page as a false one."""
    try:
        return saml_finish(request, organization_slug=organization_slug)  # type: ignore[no-any-return]
    except (PermissionDenied, SyntaxError, ValueError):  # the XML library’s error is a SyntaxError
        return _refused(request, str(_NO_ANSWER))


@public
def end_by_provider(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """
    Sign out because the provider says so; unsigned, anybody's link could do it.

    It also answers here when we have asked it to sign somebody out, who is nobody here by then.
    """
    if "SAMLResponse" in request.GET and not request.user.is_authenticated:
        return redirect("account_login")
    if "Signature" not in request.GET:
        return HttpResponse(
            gettext("The provider must sign what it sends here."), content_type="text/plain", status=400
        )
    single_sign_on = find_by_id(organization_slug)
    if single_sign_on is None or single_sign_on.protocol != SingleSignOn.Protocol.SAML:
        raise Http404
    values = open_settings(single_sign_on)
    assert isinstance(values, SamlSettings)  # noqa: S101 (that is what the protocol says)
    answer = HttpResponse(status=400)
    for certificate in certificates_of(values):
        setattr(request, _CERTIFICATE, lambda _all, this=certificate: this)
        answer = saml_sls(request, organization_slug=organization_slug)
        if answer.status_code != 400:
            break
    return answer


@require_GET
@public
def finish_oidc(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Judge what an OpenID Connect provider has sent, and keep what it wants to see again when the session ends."""
    try:
        return OAuth2CallbackView.adapter_view(_KeepingIdToken(request, provider_id))(request)  # type: ignore[no-any-return]
    except SocialApp.DoesNotExist:
        raise Http404 from None


class _KeepingIdToken(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """django-allauth keeps what the token says, not the token."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        login = super().complete_login(request, app, token, **kwargs)
        login.id_token = kwargs["response"].get("id_token", "")
        return login


def login_url(single_sign_on: SingleSignOn, following: str = "", *, is_try: bool = False) -> str:
    """Where signing in through the provider begins. is_try: come back to `following` as whoever one was before."""
    is_oidc = single_sign_on.protocol == SingleSignOn.Protocol.OIDC
    url = reverse("openid_connect_login" if is_oidc else "saml_login", args=[single_sign_on.public_id])
    query = urlencode(
        ({"next": following} if following else {}) | ({"process": str(AuthProcess.REDIRECT)} if is_try else {})
    )
    return f"{url}?{query}" if query else url


def _app(single_sign_on: SingleSignOn, choose: ChooseCertificate | None = None) -> SocialApp:
    """
    The account's provider as django-allauth takes it. Raises CannotDecrypt.

    choose   which of a SAML provider's certificates to check with; None = the first
    """
    values = open_settings(single_sign_on)
    if isinstance(values, OidcSettings):
        return SocialApp(
            provider="openid_connect",
            provider_id=single_sign_on.public_id,
            name=single_sign_on.label,
            client_id=values.client_id,
            secret=values.client_secret.get_secret_value(),
            settings={"server_url": str(values.server_url).rstrip("/"), "oauth_pkce_enabled": True},
        )
    return SocialApp(
        provider="saml",
        provider_id=single_sign_on.public_id,
        name=single_sign_on.label,
        client_id=single_sign_on.public_id,
        settings=_saml(values, choose(certificates_of(values)) if choose else values.certificate),
    )


def certificates_of(values: SamlSettings) -> list[str]:
    """Those that the provider may sign with: two while it changes from one to the other."""
    return [each for each in (values.certificate, values.next_certificate) if each]


def _signed_with(request: HttpRequest) -> ChooseCertificate:
    """
    Say which certificate fits the answer that is being judged; the first where none does.

    The library checks with one certificate only. This picks which, and proves nothing: what it picks is checked with.
    """

    def choose(certificates: list[str]) -> str:
        kept = LoginSession(request, "saml_acs_session", "saml-acs-session").store.get("request")
        if len(certificates) > 1 and kept:
            said = deserialize_request(kept, HttpRequest()).POST.get("SAMLResponse", "")
            for certificate in certificates:
                if _is_signed_by(said, certificate):
                    return certificate
        return certificates[0]

    return choose


def _is_signed_by(response: str, certificate: str) -> bool:
    try:
        return bool(OneLogin_Saml2_Utils.validate_sign(OneLogin_Saml2_Utils.b64decode(response), cert=certificate))
    except (ValueError, SyntaxError):  # no Base64, no XML
        return False


def _saml(values: SamlSettings, certificate: str) -> dict[str, Any]:
    idp = {"entity_id": values.entity_id, "sso_url": str(values.sso_url), "x509cert": certificate}
    return {
        "idp": idp | ({"slo_url": str(values.slo_url)} if values.slo_url else {}),
        "attribute_mapping": {
            "email": [
                "email",
                "mail",
                "urn:oid:0.9.2342.19200300.100.1.3",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            ],
        },
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "want_name_id": True,
            "want_attribute_statement": False,
            "reject_deprecated_algorithm": True,
            "reject_idp_initiated_sso": True,
        },
    }


def _identity(sociallogin: SocialLogin, single_sign_on: SingleSignOn) -> Identity:
    """
    Return what the provider says of the person. Raises SignInRefused where its word about the address is too little.

    Google is one provider for all the world: only its `hd` says that the address is the organisation's. Entra does not
    say whether it verified an address; there the address of the tenant, which is one firm's, stands in for that.
    """
    data = sociallogin.account.extra_data
    is_google = single_sign_on.vendor == SingleSignOn.Vendor.GOOGLE
    if single_sign_on.protocol == SingleSignOn.Protocol.OIDC:
        data = (data.get("id_token") or {}) | (data.get("userinfo") or {})
        if data.get("email_verified") is False or (is_google and data.get("hd") not in single_sign_on.domains):
            raise SignInRefused(gettext("Your company’s sign-in does not vouch for your address."))
    name = next((data[key] for key in _NAMES if data.get(key)), "")
    if isinstance(name, list):
        name = name[0]
    email = sociallogin.user.email or ""
    return Identity(uid=str(sociallogin.account.uid), email=email, name=str(name)[:120])


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", {"reason": reason}, status=403)


class _ThroughTheDoor(requests.adapters.BaseAdapter):
    """`requests` on top of lib/http.py, so that the guard against private addresses and the deadlines hold here too."""

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        door = Door(allowed_private=settings.ALLOWED_PRIVATE_NETWORKS, max_bytes=1_000_000)
        body = request.body.encode() if isinstance(request.body, str) else None
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() != "content-length"}
        try:
            reply = door.request(
                str(request.method), str(request.url), label="single_sign_on", headers=headers, content=body
            )
        except HttpError as error:
            raise requests.ConnectionError(str(error)) from None
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update({name: value for name, value in reply.headers.items() if name != "content-encoding"})
        response._content = reply.body  # noqa: SLF001 (how every adapter hands over the body)
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """The door's connections belong to the process."""
