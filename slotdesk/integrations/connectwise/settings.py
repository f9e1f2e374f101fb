"""What an administrator tells us to connect an account with ConnectWise PSA."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from slotdesk.lib.marks import gettext_noop

# The vendor's cloud wants its API called at another host than its screens.
# https://developer.connectwise.com/Best_Practices/PSA_Cloud_URL_Formatting
_CLOUD = frozenset(
    {f"{region}.myconnectwise.net" for region in ("na", "eu", "au", "aus", "za")} | {"staging.connectwisedev.com"}
)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


class Settings(BaseModel):
    """The fields of the connect page."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    site: str = Field(
        default="na.myconnectwise.net",
        title=gettext_noop("Site"),
        description=gettext_noop(
            "The host name you see when signed in, such as na.myconnectwise.net or psa.yourcompany.com."
        ),
    )
    company_id: str = Field(
        title=gettext_noop("Company ID"),
        description=gettext_noop("What you type as “Company” when you sign in."),
        pattern=r"^[^\s+/:;,\"]{1,50}$",
    )
    public_key: str = Field(
        title=gettext_noop("Public key"),
        description=gettext_noop("From the API member's API Keys tab."),
        pattern=r"^[\x21-\x39\x3b-\x7e]{1,200}$",
    )
    private_key: SecretStr = Field(
        title=gettext_noop("Private key"),
        description=gettext_noop("Shown once, when the key is made."),
        min_length=1,
        max_length=200,
    )
    client_id: str = Field(
        title=gettext_noop("Client ID"),
        description=gettext_noop("The identifier of this integration from developer.connectwise.com."),
        pattern=r"^[A-Za-z0-9-]{1,100}$",
    )
    base_url: str = Field(
        default="",
        title=gettext_noop("Server address"),
        description=gettext_noop(
            "Only for servers of your own that are not at https://<site>, such as http://10.0.0.5:8080."
        ),
    )
    entry_type: str = Field(
        default="S",
        title=gettext_noop("Schedule type of tickets"),
        description=gettext_noop(
            "Identifier of the schedule type that ticket assignments have; “S” unless yours was changed."
        ),
        pattern=r"^[A-Za-z0-9_-]{1,15}$",
    )

    @field_validator("site")
    @classmethod
    def _read_site(cls, site: str) -> str:
        host = site.lower().removeprefix("https://").split("/")[0].removeprefix("api-")
        if not _HOST.fullmatch(host):
            raise ValueError(pgettext("staff", "must be a host name, such as na.myconnectwise.net."))
        return host

    @field_validator("base_url")
    @classmethod
    def _read_base_url(cls, base_url: str) -> str:
        if not base_url:
            return ""
        parts = urlsplit(base_url.lower())
        if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc) or parts.path.strip("/"):
            raise ValueError(pgettext("staff", "must look like https://psa.example.com or http://10.0.0.5:8080."))
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def api_origin(self) -> str:
        """Where the API is, without a path."""
        if self.base_url:
            return self.base_url
        return f"https://api-{self.site}" if self.site in _CLOUD else f"https://{self.site}"

    @property
    def screen_origin(self) -> str:
        """Where people work, and what frames the panel."""
        return self.base_url or f"https://{self.site}"

    def is_own_address(self, url: str) -> bool:
        """Tell whether the address lies on this connection's own server; nothing else is called, whoever asks."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}".lower() in {self.api_origin, self.screen_origin}
