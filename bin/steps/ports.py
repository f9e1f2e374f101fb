"""The ports that the demo listens on: one block, moved as a whole."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from steps.say import Failed

DEFAULT = 8000


@dataclass(frozen=True)
class Ports:
    """Every port of a demo whose block begins at `web`."""

    web: int

    @property
    def connectwise(self) -> int:
        return self.web + 10

    @property
    def mailbox(self) -> int:
        return self.web + 20

    @property
    def smtp(self) -> int:
        return self.web + 25

    def all(self) -> tuple[int, ...]:
        return (self.web, self.connectwise, self.mailbox, self.smtp)


def refuse_taken(host: str, ports: Ports) -> None:
    """Raise Failed when one of them is taken, and name a block that is free."""
    taken = [port for port in ports.all() if not _is_free(host, port)]
    if not taken:
        return
    free = next((base for base in range(ports.web + 100, 65000, 100) if _all_free(host, Ports(base))), None)
    listed = ", ".join(map(str, taken))
    hint = f"stop what listens there, or try: bin/run --port {free}" if free else "stop what listens there"
    raise Failed(f"port {listed} {'is' if len(taken) == 1 else 'are'} taken: {hint}")


def _all_free(host: str, ports: Ports) -> bool:
    return all(_is_free(host, port) for port in ports.all())


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Failed(f"port {port} needs more rights than you have: take a --port of 1024 or higher") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise Failed(f"--host: cannot listen on {host} ({error.strerror})") from None
    return True
