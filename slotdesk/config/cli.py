"""The console command `slotdesk`: one module per command, which is imported only when it is asked for."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NamedTuple

from slotdesk import __version__


class Command(NamedTuple):
    """Where a command lives (a module with `main(argv) -> exit code`) and what it does."""

    module: str
    purpose: str


COMMANDS = {
    "web": Command("web_command", "serve the pages and the API"),
    "worker": Command("worker_command", "do the background work: mails, notes, calendar entries, reminders"),
    "migrate": Command("migrate_command", "bring the database up to this version"),
    "createaccount": Command("account_command", "make an account and its first administrator"),
    "check": Command("check_command", "look over the settings, the database and the mail server"),
    "slots": Command("slots_command", "compute free times from a JSON file, without a database"),
    "demo": Command("demo_command", "fill an empty database with a demo account"),
}


def main(argv: list[str] | None = None) -> int:
    """Run the command that the arguments name and return its exit code: 0 done, 1 failed, 2 wrongly asked."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_usage())
        return 0
    if arguments[0] in ("-V", "--version"):
        print(f"slotdesk {__version__}")
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"slotdesk: there is no command {name!r}; see slotdesk --help", file=sys.stderr)
        return 2
    try:
        module = importlib.import_module(f"slotdesk.config.{COMMANDS[name].module}")
        return int(module.main(rest) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); the null device keeps the last flush from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            raise
        print(f"slotdesk {name}: {reason}", file=sys.stderr)
        return 1


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.purpose}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            f"Slotdesk {__version__}: appointment scheduling for managed service providers.",
            "",
            "usage: slotdesk COMMAND [OPTIONS]      slotdesk COMMAND --help      slotdesk --version",
            "",
            *lines,
            "",
            "Settings come from the environment, such as DATABASE_URL and PUBLIC_URL; see docs/reference/settings.md.",
        ]
    )


def _reason(error: Exception) -> str | None:
    """The one line for errors that whoever runs the command can do something about; None for our own faults."""
    from slotdesk.config.command import CommandFailed
    from slotdesk.config.embedded_postgres import DatabaseDidNotStart
    from slotdesk.config.environment import BadSetting

    if isinstance(error, CommandFailed | DatabaseDidNotStart | BadSetting):
        return str(error)
    # Django may be there or not; its classes are known only once it has been imported.
    if (exceptions := sys.modules.get("django.core.exceptions")) and isinstance(error, exceptions.ImproperlyConfigured):
        return str(error)
    if (database := sys.modules.get("django.db")) and isinstance(error, database.OperationalError):
        return f"the database does not answer: {_one_line(error)}"
    if database and isinstance(error, database.ProgrammingError) and "does not exist" in str(error):
        return f"the database is not ready ({_one_line(error)}): run slotdesk migrate"
    return None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main())
