"""`python -m sandbox.mail`: the catcher as a program. Ends on SIGTERM or Ctrl-C."""

import argparse
import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

from sandbox.mail.server import PortTaken, serving
from sandbox.mail.store import Store


def main() -> int:
    args = _arguments()
    login = tuple(args.auth.split(":", 1)) if args.auth else None
    try:
        if args.state:
            args.state.parent.mkdir(parents=True, exist_ok=True)
        store = Store(args.state, keep=args.keep)
    except (sqlite3.Error, OSError) as error:
        return _fail(f"cannot keep messages in {args.state}: {error}")
    try:
        asyncio.run(_serve(store, args, login))
    except PortTaken as error:
        return _fail(str(error))
    finally:
        store.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.mail", description="Catch every mail and show it.")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default %(default)s)")
    parser.add_argument("--smtp-port", type=int, default=8025, help="default %(default)s; 0 takes a free one")
    parser.add_argument("--http-port", type=int, default=8020, help="default %(default)s; 0 takes a free one")
    parser.add_argument("--state", type=Path, help="SQLite file that keeps messages over restarts (default: memory)")
    parser.add_argument("--keep", type=int, default=1000, help="how many messages stay (default %(default)s)")
    parser.add_argument("--max-megabytes", type=int, default=25, help="largest message taken (default %(default)s)")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="the only login that may send (default: anyone)")
    args = parser.parse_args()
    if args.auth and ":" not in args.auth:
        parser.error("--auth must be USER:PASSWORD")
    return args


async def _serve(store: Store, args: argparse.Namespace, login: tuple[str, str] | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(
        store,
        host=args.host,
        smtp_port=args.smtp_port,
        http_port=args.http_port,
        login=login,
        size_limit=args.max_megabytes * 1024 * 1024,
    ) as catcher:
        print(f"Mail catcher: inbox {catcher.url}, SMTP {catcher.host}:{catcher.smtp_port}", flush=True)
        await stop.wait()


def _fail(text: str) -> int:
    print(f"Mail catcher: {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
