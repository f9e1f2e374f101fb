"""bin/run, first half: everything that must be there before the demo can start."""

from __future__ import annotations

import argparse

from steps import environment, frontend, languages, ports
from steps.places import VAR, continue_in_venv


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; both halves do."""
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description=(
            "Set up what is missing, then run the whole demo: Slotdesk with its worker, a stand-in for the PSA, "
            "and a mailbox that catches every mail. Ctrl-C stops all of it; what you did is kept for the next time."
        ),
    )
    parser.add_argument("--port", type=int, default=ports.DEFAULT, help="first port of the block (%(default)s)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 in a container (%(default)s)"
    )
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and start afresh")
    parser.add_argument("--loud", action="store_true", help="show what the processes log, here instead of in var/log")
    parser.add_argument("--setup-only", action="store_true", help="set up, start nothing")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65000:
        parser.error("--port: must be between 1 and 65000")
    return options


def main(arguments: list[str]) -> int:
    """Set up, then go on in the virtual environment."""
    options = options_of(arguments)
    print("Slotdesk", flush=True)
    VAR.mkdir(parents=True, exist_ok=True)
    if not options.setup_only:
        ports.refuse_taken(options.host, ports.Ports(options.port))
    environment.prepare("run")
    frontend.prepare()
    languages.prepare()
    if options.setup_only:
        return 0
    return continue_in_venv("serve", arguments)
