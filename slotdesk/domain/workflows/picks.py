"""What a step's setting may be chosen from: the account's templates, and what its PSA has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_psa, list_boards
from slotdesk.domain.connections.registry import PROMPT, open_psa
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.messages.queries import list_templates
from slotdesk.domain.tenants.models import Account
from slotdesk.lib.remembered import Remembered
from slotdesk.ports.errors import PortError
from slotdesk.ports.psa import Psa

Choices = list[tuple[str, str]]
# What is known without asking the PSA.
KEPT = ("boards", "statuses")


def list_own_templates(account: Account) -> Choices:
    """Public id and name, the kind before it."""
    return [
        (template.public_id, f"{ABOUT[Kind(template.kind)].label}: {template.name}")
        for template in list_templates(account)
        if template.kind in set(Kind)
    ]


def list_statuses() -> list[tuple[str, str, Choices]]:
    """Board's id, its name, and its statuses; empty without a PSA."""
    psa = find_psa()
    if psa is None:
        return []
    return [
        (board.external_id, board.name, [(status["id"], status["name"]) for status in board.statuses])
        for board in list_boards(psa)
    ]


def list_choices(name: str) -> Choices | None:
    """
    Return what the PSA offers under this name, such as `priorities`; None when it cannot be asked now, or not at all:
    then the vendor's id is typed.
    """
    psa = find_psa()
    if psa is None:
        return None
    if name == "boards":
        return [(board.external_id, board.name) for board in list_boards(psa)]
    if name in ("statuses", "ticket_types"):
        return _by_board(psa, name)
    read = _READERS.get(name)
    if read is None:
        return None
    try:
        return read(open_psa(psa, seconds=PROMPT))
    except PortError:
        return None


def list_many_choices(names: Iterable[str]) -> dict[str, Choices]:
    """
    Return what the PSA offers under each of these names, as up to a minute ago; what it could not be asked is missing.

    A PSA that fails once is not asked for the rest: nobody waits for it several times.
    """
    psa, found = find_psa(), dict[str, Choices]()
    if psa is None:
        return found
    for name in names:
        try:
            found[name] = _LATELY.get((psa.pk, name), lambda name=name: _ask(name))  # type: ignore[misc]
        except _Unanswered:
            break
    return found


class _Unanswered(Exception):
    """The PSA did not answer."""


def _ask(name: str) -> Choices:
    choices = list_choices(name)
    if choices is None:
        raise _Unanswered(name)
    return choices


_LATELY: Remembered[tuple[int, str], Choices] = Remembered(seconds=60)


def _by_board(psa: Connection, name: str) -> Choices | None:
    """Each belongs to one board, whose name stands before it."""
    boards = list(list_boards(psa))
    if name == "statuses":
        return [(each["id"], f"{board.name}: {each['name']}") for board in boards for each in board.statuses]
    try:
        adapter = open_psa(psa, seconds=PROMPT)
        return [
            (each.id, f"{board.name}: {each.name}")
            for board in boards
            for each in adapter.list_ticket_types(board.external_id)
        ]
    except PortError:
        return None


def _priorities(adapter: Psa) -> Choices:
    return [(each.id, each.name) for each in adapter.list_priorities()]


def _company_types(adapter: Psa) -> Choices:
    return [(each.id, each.name) for each in adapter.list_company_types()]


def _company_statuses(adapter: Psa) -> Choices:
    return [(each.id, each.name) for each in adapter.list_company_statuses()]


def _activity_types(adapter: Psa) -> Choices:
    return [(each.id, each.name) for each in adapter.list_activity_types()]


_READERS: Mapping[str, Callable[[Psa], Choices]] = {
    "activity_types": _activity_types,
    "priorities": _priorities,
    "company_types": _company_types,
    "company_statuses": _company_statuses,
}
