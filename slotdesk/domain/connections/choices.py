"""What the settings of a workflow's steps may name in the PSA, read when somebody chooses."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from slotdesk.domain.connections.models import Board, Connection
from slotdesk.domain.connections.registry import PROMPT, open_psa
from slotdesk.ports.psa import Named


class Pick(StrEnum):
    """A kind of thing to choose; a setting's `json_schema_extra={"pick": ...}` says of which kind its id is."""

    BOARDS = "boards"
    STATUSES = "statuses"
    TICKET_TYPES = "ticket_types"
    PRIORITIES = "priorities"
    COMPANIES = "companies"
    COMPANY_TYPES = "company_types"
    COMPANY_STATUSES = "company_statuses"
    ACTIVITY_TYPES = "activity_types"


def list_choices(connection: Connection, pick: Pick, *, board_id: str = "", search: str = "") -> Sequence[Named]:
    """
    Return what there is to choose from.

    board_id   whose statuses and ticket types are meant; without one there are none
    search     words of a company's name; there are too many companies to list, so without any there are none
    Boards and statuses are those last synchronised. Everything else is asked of the PSA. Raises ports.errors.PortError.
    """
    match pick:
        case Pick.BOARDS:
            boards = Board.objects.filter(connection=connection).order_by("name", "id")
            return [Named(board.external_id, board.name) for board in boards]
        case Pick.STATUSES:
            board = Board.objects.filter(connection=connection, external_id=board_id).first()
            return [Named(status["id"], status["name"]) for status in board.statuses] if board else []
    psa = open_psa(connection, seconds=PROMPT)
    match pick:
        case Pick.TICKET_TYPES:
            return psa.list_ticket_types(board_id) if board_id else []
        case Pick.PRIORITIES:
            return psa.list_priorities()
        case Pick.COMPANIES:
            return psa.search_companies(search)
        case Pick.COMPANY_TYPES:
            return psa.list_company_types()
        case Pick.COMPANY_STATUSES:
            return psa.list_company_statuses()
        case Pick.ACTIVITY_TYPES:
            return psa.list_activity_types()
