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
from slotdesk.lib.http import Door
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
    """Return the adapter of a connection. Raises lib.crypto.CannotDecrypt."""
    manifest = get_manifest(connection.kind)
    return make_psa(connection.kind, unseal(manifest.settings, connection.settings), seconds=seconds)


def frame_ancestors(connection: Connection) -> tuple[str, ...]:
    """The origins that may frame this connection's ticket panel."""
    manifest = get_manifest(connection.kind)
    return manifest.frame_ancestors(unseal(manifest.settings, connection.settings))
