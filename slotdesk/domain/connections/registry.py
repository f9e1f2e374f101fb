"""The vendors that are there, found by their folders and loaded by name."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from typing import cast

from django.conf import settings
from pydantic import BaseModel

from slotdesk.domain.connections.credentials import unseal
from slotdesk.domain.connections.models import Connection
from slotdesk.lib.crypto import CannotDecrypt
from slotdesk.lib.http import Door
from slotdesk.ports import errors
from slotdesk.ports.manifest import Manifest
from slotdesk.ports.psa import Psa

# What a background step may wait for a vendor, and what a person who waits for a page may.
PATIENT = 30.0
PROMPT = 4.0


class UnknownIntegration(LookupError):
    """There is no integration of this kind."""


@functools.cache
def manifests() -> Mapping[str, Manifest]:
    """Return every integration's manifest by its kind."""
    found: dict[str, Manifest] = {}
    for module in pkgutil.iter_modules(importlib.import_module("slotdesk.integrations").__path__):
        if not module.ispkg:
            continue
        package = importlib.import_module(f"slotdesk.integrations.{module.name}")
        manifest = getattr(package, "MANIFEST", None)
        if manifest is not None:
            found[manifest.kind] = manifest
    return found


def get_manifest(kind: str) -> Manifest:
    """Raises UnknownIntegration."""
    try:
        return manifests()[kind]
    except KeyError:
        raise UnknownIntegration(kind) from None


def make_psa(kind: str, values: BaseModel, *, seconds: float) -> Psa:
    """Return an adapter with these settings, whose calls take at most `seconds` each."""
    manifest = get_manifest(kind)
    module, _, name = manifest.psa.rpartition(".")
    adapter = getattr(importlib.import_module(module), name)
    door = Door(allowed_private=settings.ALLOWED_PRIVATE_NETWORKS, deadline=seconds)
    return cast(Psa, adapter(values, door=door))


def open_psa(connection: Connection, *, seconds: float) -> Psa:
    """Return the adapter of a connection. Raises ports.errors.NotAuthorized when its keys cannot be opened any more."""
    return make_psa(connection.kind, _settings(connection), seconds=seconds)


def frame_ancestors(connection: Connection) -> tuple[str, ...]:
    """The origins that may frame this connection's ticket panel. Raises ports.errors.NotAuthorized like open_psa."""
    return get_manifest(connection.kind).frame_ancestors(_settings(connection))


def _settings(connection: Connection) -> BaseModel:
    try:
        return unseal(get_manifest(connection.kind).settings, connection.settings)
    except CannotDecrypt as error:
        raise errors.NotAuthorized(
            "The stored keys cannot be opened: they were saved with an encryption key that is missing now."
        ) from error
