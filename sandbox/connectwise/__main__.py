"""`python -m sandbox.connectwise`: serve the stand-in until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

from .server import Options, make_app, serve


def main() -> int:
    """Parse the command line and serve. Exit code 1 when the port is taken or the state cannot be opened."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.connectwise", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--public-url", default="", help="how others reach it (default: http://localhost:PORT)")
    parser.add_argument("--state", type=Path, help="SQLite file that keeps everything (default: in memory)")
    parser.add_argument("--today", type=date.fromisoformat, help="make the data for this date (YYYY-MM-DD)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", choices=("full", "small"), default="full")
    parser.add_argument("--rate-limit", type=int, default=1000, help="requests a minute for one key; 0 = no limit")
    parser.add_argument("--hash-minutes", type=float, default=30, help="how long a member hash is good for")
    args = parser.parse_args()
    options = Options(
        public_url=args.public_url or f"http://localhost:{args.port}",
        state=args.state,
        today=args.today,
        seed=args.seed,
        size=args.size,
        rate_limit=args.rate_limit,
        hash_lifetime=timedelta(minutes=args.hash_minutes),
    )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((args.host, args.port))
        except OSError as error:
            print(f"connectwise sandbox: cannot listen on {args.host}:{args.port}: {error}", file=sys.stderr)
            return 1
    asyncio.run(_serve(options, args.host, args.port))
    return 0


async def _serve(options: Options, host: str, port: int) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    app, store, _switchboard = make_app(options)
    print(f"connectwise sandbox: {options.public_url}", flush=True)
    await serve(app, host=host, port=port, started=threading.Event(), stop=stop)
    store.close()


if __name__ == "__main__":
    sys.exit(main())
