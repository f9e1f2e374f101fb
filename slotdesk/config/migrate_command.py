"""`slotdesk migrate`: bring the database up to this version."""

from __future__ import annotations

import argparse

from slotdesk.config.command import set_up_django

# Any number that nothing else in this database locks by.
_LOCK = 7_210_350_162_213


def main(argv: list[str]) -> int:
    """Apply what is missing. Several machines may do so at once: the later ones wait and find nothing to do."""
    parser = argparse.ArgumentParser(
        prog="slotdesk migrate",
        description="Bring the database up to this version. Safe to run on several machines at once, and twice.",
    )
    parser.add_argument("--plan", action="store_true", help="only say what would be done")
    parser.add_argument("--quiet", action="store_true", help="say nothing unless it fails")
    options = parser.parse_args(argv)
    set_up_django()

    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", plan=options.plan, interactive=False, verbosity=0 if options.quiet else 1)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return 0
