"""The demo is the production form with settings that need no hands: this is all that differs."""

from __future__ import annotations

import os
import secrets

from steps.places import VAR
from steps.ports import DEFAULT, Ports


def demo_settings(ports: Ports | None = None) -> dict[str, str]:
    """
    Return the environment of every process of the demo; what the caller's own environment says wins.

    DATABASE_URL is left to whoever starts the database.
    """
    ports = ports or Ports(_remembered_port())
    settings = {
        "SLOTDESK_VAR": str(VAR),
        "SECRET_KEY_FILE": str(_kept_secret()),
        "PUBLIC_URL": f"http://localhost:{ports.web}",
        "ALLOWED_HOSTS": "*",
        "ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8,::1/128",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(ports.smtp),
        "EMAIL_USE_TLS": "false",
        "DEFAULT_FROM_EMAIL": "Slotdesk <scheduling@slotdesk.example>",
        "HSTS_SECONDS": "0",
        "LOG_JSON": "false",
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if "SECRET_KEY" in os.environ:
        del settings["SECRET_KEY_FILE"]
    return settings | {name: os.environ[name] for name in settings if name in os.environ}


def remember_port(ports: Ports) -> None:
    """Let commands that are started later (bin/slotdesk) speak of the same addresses."""
    (VAR / "port").write_text(str(ports.web))


def _remembered_port() -> int:
    try:
        return int((VAR / "port").read_text())
    except (OSError, ValueError):
        return DEFAULT


def _kept_secret() -> os.PathLike[str]:
    path = VAR / "secret_key"
    VAR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    return path
