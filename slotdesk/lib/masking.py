"""Addresses, shown so that their owner knows them and nobody else learns them."""

from __future__ import annotations


def mask_email(email: str) -> str:
    """Return "m•••@client.example" for "maria@client.example"."""
    user, _, domain = email.rpartition("@")
    return f"{user[:1] if len(user) > 1 else ''}•••@{domain}"
