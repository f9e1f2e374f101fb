"""Runs one step. Only the standard library is used until the virtual environment is there."""

from __future__ import annotations

import importlib
import sys

from steps.say import Failed, end_of_line

# What people start with bin/<name> (bin/slotdesk is `console`), and what goes on in the virtual environment.
STEPS = ("run", "test", "check", "lock", "build", "bench", "translate", "console", "serve", "catalogs")

# The second half of a step, and the step.
SECOND_HALVES = {"serve": "run", "catalogs": "translate"}


def main(argv: list[str]) -> int:
    """Run the step named first and return its exit code; what goes wrong is one line."""
    name, *arguments = argv
    if name not in STEPS:
        print(f"There is no step {name!r}.", file=sys.stderr)
        return 2
    try:
        return int(importlib.import_module(f"steps.{name}").main(arguments))
    except Failed as error:
        end_of_line()
        print(f"bin/{SECOND_HALVES.get(name, name)}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        end_of_line()
        return 130
    except OSError as error:
        end_of_line()
        where = f" ({error.filename})" if error.filename else ""
        print(f"bin/{name}: {error.strerror or error}{where}.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
