"""`slotdesk createaccount`: an account and its first administrator."""

from __future__ import annotations

import argparse
import getpass
import sys
import zoneinfo
from pathlib import Path

from slotdesk.config.command import CommandFailed, set_up_django


def main(argv: list[str]) -> int:
    """Ask for what the options leave out, when somebody is there to ask."""
    parser = argparse.ArgumentParser(
        prog="slotdesk createaccount",
        description="Make an account (one MSP) and its first administrator. What is left out is asked for.",
    )
    parser.add_argument("--name", help="the MSP's name, as clients know it")
    parser.add_argument("--slug", help="short name in addresses; made from the name when left out")
    parser.add_argument("--country", default="US", help="two letters; decides how phone numbers are read (%(default)s)")
    parser.add_argument("--zone", default="UTC", help="time zone, such as America/New_York (%(default)s)")
    parser.add_argument("--admin-email", help="the administrator's address, used to sign in")
    parser.add_argument("--admin-name", help="the administrator's name")
    parser.add_argument("--password-file", type=Path, help="file that holds the password; asked for when left out")
    options = parser.parse_args(argv)
    if options.zone not in zoneinfo.available_timezones():
        raise CommandFailed(f"--zone: {options.zone} is no time zone; write it like America/New_York.")
    set_up_django()

    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils.text import slugify

    from slotdesk.domain.tenants.models import User
    from slotdesk.domain.tenants.operations import AccountExists, found_account

    name = options.name or _ask("Name of the MSP", "--name")
    slug = options.slug or slugify(name)
    email = (options.admin_email or _ask("Administrator's e-mail address", "--admin-email")).lower()
    admin_name = options.admin_name or _ask("Administrator's name", "--admin-name")
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandFailed(f"--admin-email: {email} is no e-mail address.") from error
    is_new = not User.objects.filter(email__iexact=email).exists()
    password = _password(options.password_file) if is_new else None
    if password is not None:
        try:
            validate_password(password, User(email=email, name=admin_name))
        except ValidationError as error:
            raise CommandFailed(f"password: {' '.join(error.messages)}") from error
    try:
        account = found_account(
            name=name,
            slug=slug,
            country=options.country.upper(),
            zone=options.zone,
            admin_email=email,
            admin_name=admin_name,
            password=password,
        )
    except AccountExists as error:
        raise CommandFailed(f"there is an account {slug!r} already; give another --slug.") from error
    print(f"Made {account.name}. {email} can sign in now{'' if is_new else ' with the password they have'}.")
    return 0


def _ask(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise CommandFailed(f"{option}: is required where nobody can be asked.")
    while True:
        if answer := input(f"{question}: ").strip():
            return answer


def _password(path: Path | None) -> str:
    if path is not None:
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise CommandFailed(f"--password-file: cannot read {path} ({error.strerror}).") from error
    if not sys.stdin.isatty():
        raise CommandFailed("--password-file: is required where nobody can be asked.")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise CommandFailed("the two passwords differ; nothing was made.")
    return first
