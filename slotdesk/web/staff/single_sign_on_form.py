"""What an administrator enters about their provider, by the kind of provider. Secrets are taken, never shown."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from pydantic import ValidationError

from slotdesk.domain.sign_in.models import SingleSignOn
from slotdesk.domain.sign_in.single_sign_on import OidcSettings, SamlSettings
from slotdesk.domain.tenants.models import Role
from slotdesk.lib.http import Door, HttpError

# The kinds of form: what it is called, the protocol, the vendor, what the button says.
KINDS = {
    "entra": ("Microsoft Entra ID", SingleSignOn.Protocol.OIDC, SingleSignOn.Vendor.ENTRA, "Microsoft"),
    "google": ("Google Workspace", SingleSignOn.Protocol.OIDC, SingleSignOn.Vendor.GOOGLE, "Google"),
    "oidc": (
        gettext_lazy("Another provider, by OpenID Connect"),
        SingleSignOn.Protocol.OIDC,
        SingleSignOn.Vendor.OTHER,
        "",
    ),
    "saml": (gettext_lazy("Any provider, by SAML 2.0"), SingleSignOn.Protocol.SAML, SingleSignOn.Vendor.OTHER, ""),
}
_ENTRA = "https://login.microsoftonline.com/{}/v2.0"
_GOOGLE = "https://accounts.google.com"
_TENANT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


def kind_of(single_sign_on: SingleSignOn) -> str:
    """Which form it was entered with."""
    if single_sign_on.protocol == SingleSignOn.Protocol.SAML:
        return "saml"
    return "oidc" if single_sign_on.vendor == SingleSignOn.Vendor.OTHER else str(single_sign_on.vendor)


class SingleSignOnForm(forms.Form):
    """After is_valid(), `values` is what the provider is. stored: its values now; a secret left empty keeps its own."""

    label = forms.CharField(label=gettext_lazy("Its name on the button"), max_length=40)
    domains = forms.CharField(
        label=gettext_lazy("E-mail domains"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only people with an address of these domains are let in. One a line."),
    )
    default_role = forms.ModelChoiceField(
        label=gettext_lazy("Somebody who is new"),
        queryset=Role.objects.none(),
        required=False,
        empty_label=gettext_lazy("Is refused until you invite them"),
        to_field_name="public_id",
        help_text=gettext_lazy("The role that people get who sign in for the first time without an invitation."),
    )
    values: OidcSettings | SamlSettings

    def __init__(self, *args: Any, stored: OidcSettings | SamlSettings | None, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = stored
        role: Any = self.fields["default_role"]
        role.queryset = roles
        role.label_from_instance = lambda each: gettext("Becomes: %(name)s") % {"name": each.name}

    def clean_domains(self) -> list[str]:
        domains = [each.lower().lstrip("@") for each in re.split(r"[\s,;]+", self.cleaned_data["domains"]) if each]
        wrong = [each for each in domains if not _DOMAIN.fullmatch(each)]
        if wrong:
            raise forms.ValidationError(
                gettext("Not a domain: %(names)s. Write it like example.com.") % {"names": ", ".join(wrong)}
            )
        return list(dict.fromkeys(domains))

    def _take(self, model: type[OidcSettings | SamlSettings], values: dict[str, Any]) -> None:
        try:
            self.values = model.model_validate(values)
        except ValidationError as error:
            for item in error.errors(include_input=False, include_url=False):
                name = str(item["loc"][0]) if item["loc"] else ""
                self.add_error(name if name in self.fields else None, f"{item['msg']}.")


class OidcForm(SingleSignOnForm):
    client_id = forms.CharField(label=gettext_lazy("Client ID"))
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Stored encrypted and never shown again."),
    )
    field_order = ("tenant", "server_url", "client_id", "client_secret", "label", "domains", "default_role")

    def __init__(self, *args: Any, stored: OidcSettings | SamlSettings | None, **kwargs: Any) -> None:
        super().__init__(*args, stored=stored, **kwargs)
        if isinstance(stored, OidcSettings):
            self.initial.update(client_id=stored.client_id, server_url=str(stored.server_url))
            self.fields["client_secret"].help_text = gettext("Leave it empty to keep the stored one.")

    def server(self, cleaned: dict[str, Any]) -> str:
        """The issuer that was entered."""
        return str(cleaned["server_url"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        secret, server = cleaned.get("client_secret"), "" if self.errors else self.server(cleaned)
        if not secret and isinstance(self._stored, OidcSettings) and server:
            # A secret goes to nobody but the provider that gave it out.
            is_same = server.rstrip("/") == str(self._stored.server_url).rstrip("/")
            secret = self._stored.client_secret.get_secret_value() if is_same else ""
        if not secret:
            self.add_error("client_secret", gettext("Enter the secret."))
        if not self.errors:
            self._take(OidcSettings, {"server_url": server, "client_id": cleaned["client_id"], "client_secret": secret})
        return cleaned


class OtherOidcForm(OidcForm):
    server_url = forms.URLField(
        label=gettext_lazy("Issuer"),
        assume_scheme="https",
        help_text=gettext_lazy("Below it, the provider describes itself at /.well-known/openid-configuration."),
    )

    def clean_server_url(self) -> str:
        url = str(self.cleaned_data["server_url"])
        if "login.microsoftonline.com" in url or "accounts.google.com" in url:
            # Providers of all the world need the rules of their own form.
            raise forms.ValidationError(gettext("Choose Microsoft or Google as the provider instead."))
        return url


class EntraForm(OidcForm):
    tenant = forms.CharField(
        label=gettext_lazy("Directory (tenant) ID"),
        help_text=gettext_lazy("As in 8eaef023-2b34-4da1-9baa-8bc8c9d6a490."),
    )

    def __init__(self, *args: Any, stored: OidcSettings | SamlSettings | None, **kwargs: Any) -> None:
        super().__init__(*args, stored=stored, **kwargs)
        found = _TENANT.search(str(self.initial.get("server_url", "")))
        if found:
            self.initial["tenant"] = found.group()

    def clean_tenant(self) -> str:
        tenant = str(self.cleaned_data["tenant"]).strip()
        # "common" and the like let any firm of the world in, with addresses that nobody has verified.
        if not _TENANT.fullmatch(tenant):
            raise forms.ValidationError(gettext("The ID of one directory: 32 hexadecimal digits with hyphens."))
        return tenant.lower()

    def server(self, cleaned: dict[str, Any]) -> str:
        return _ENTRA.format(cleaned["tenant"])


class GoogleForm(OidcForm):
    def server(self, cleaned: dict[str, Any]) -> str:
        return _GOOGLE


class SamlForm(SingleSignOnForm):
    metadata_url = forms.URLField(
        label=gettext_lazy("Address of the provider’s metadata"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Read now, and what it says is filled in for you. Or enter it by hand below."),
    )
    entity_id = forms.CharField(label=gettext_lazy("Entity ID of the provider"), required=False)
    sso_url = forms.URLField(label=gettext_lazy("Sign-in address"), required=False, assume_scheme="https")
    slo_url = forms.URLField(label=gettext_lazy("Sign-out address"), required=False, assume_scheme="https")
    certificate = forms.CharField(
        label=gettext_lazy("Signing certificate"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "font-monospace"}),
    )
    next_certificate = forms.CharField(
        label=gettext_lazy("Second signing certificate"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "font-monospace"}),
        help_text=gettext_lazy(
            "While the provider changes its certificate: enter the new one here before the change, and both are "
            "accepted. Afterwards move it above."
        ),
    )
    field_order = (
        *("metadata_url", "entity_id", "sso_url", "slo_url", "certificate", "next_certificate"),
        *("label", "domains", "default_role"),
    )

    def __init__(self, *args: Any, stored: OidcSettings | SamlSettings | None, **kwargs: Any) -> None:
        super().__init__(*args, stored=stored, **kwargs)
        if isinstance(stored, SamlSettings):
            self.initial.update(stored.model_dump(mode="json"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        entered = {name: cleaned.get(name) or None for name in SamlSettings.model_fields}
        if cleaned.get("metadata_url"):
            try:
                entered = _read_metadata(cleaned["metadata_url"])
            except (HttpError, ValueError) as error:
                self.add_error("metadata_url", gettext("Not read: %(error)s") % {"error": error})
                return cleaned
        for name, value in entered.items():
            if value is None and name not in ("slo_url", "next_certificate"):
                self.add_error(name, gettext("Enter this, or the address of the metadata."))
        if not self.errors:
            self._take(SamlSettings, entered)
        return cleaned


FORMS: dict[str, type[SingleSignOnForm]] = {
    "entra": EntraForm,
    "google": GoogleForm,
    "oidc": OtherOidcForm,
    "saml": SamlForm,
}


def _read_metadata(url: str) -> dict[str, str | None]:
    """Return SamlSettings' fields as the metadata has them. Raises HttpError, ValueError."""
    door = Door(allowed_private=settings.ALLOWED_PRIVATE_NETWORKS, max_bytes=5_000_000)
    reply = door.request("GET", url, label="single_sign_on", follow_redirects=True)
    if reply.status != 200:
        raise ValueError(gettext("the server answered %(status)s.") % {"status": reply.status})
    try:
        idp = OneLogin_Saml2_IdPMetadataParser.parse(reply.body).get("idp", {})
    except Exception as error:  # the parser raises whatever its XML library does
        raise ValueError(gettext("it is not the metadata of a SAML provider.")) from error
    # A provider that is about to change its certificate names both.
    certificates = [*idp.get("x509certMulti", {}).get("signing", []), idp.get("x509cert")]
    certificate, another, *_ = [*filter(None, certificates), None, None]
    return {
        "entity_id": idp.get("entityId"),
        "sso_url": idp.get("singleSignOnService", {}).get("url"),
        "slo_url": idp.get("singleLogoutService", {}).get("url"),
        "certificate": certificate,
        "next_certificate": another,
    }
