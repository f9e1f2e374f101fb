"""`slotdesk check`: look over the settings, the database and the mail server before anybody relies on them."""

from __future__ import annotations

import argparse

from slotdesk.config.command import set_up_django


def main(argv: list[str]) -> int:
    """Print one line per item; exit code 1 when one of them is wrong."""
    parser = argparse.ArgumentParser(
        prog="slotdesk check", description="Look over the settings, the database and the mail server."
    )
    parser.parse_args(argv)
    set_up_django()

    is_well = True
    for title, look in (("settings", _settings), ("database", _database), ("mail", _mail)):
        try:
            print(f"ok      {title}: {look()}")
        except Exception as error:  # noqa: BLE001  (whatever it is, the line should say it)
            is_well = False
            print(f"WRONG   {title}: {' '.join(str(error).split())}")
    return 0 if is_well else 1


def _settings() -> str:
    from django.conf import settings
    from django.core.checks import run_checks

    found = [item for item in run_checks(include_deployment_checks=not settings.DEBUG) if not item.is_silenced()]
    if found:
        raise RuntimeError("; ".join(f"{item.msg} ({item.id})" for item in found))
    return f"links begin with {settings.PUBLIC_URL}"


def _database() -> str:
    from django.db import connection

    from slotdesk.config.probes import missing_migrations

    missing = missing_migrations()
    if missing:
        raise RuntimeError(f"{len(missing)} migrations are missing: run slotdesk migrate")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}, up to date"


def _mail() -> str:
    from django.conf import settings
    from django.core.mail import get_connection

    sender = get_connection()
    sender.open()
    sender.close()
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} lets us in"
