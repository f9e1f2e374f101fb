"""All of it together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from sandbox.connectwise import constants
from sandbox.connectwise.store import Doc

from . import boards, companies, diary, people, tables, tickets


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; `boards` counts service boards, the project board is always there."""

    members: int
    boards: int
    companies: int
    tickets: int
    weeks: int


SIZES = {
    "full": Size(members=20, boards=4, companies=60, tickets=300, weeks=6),
    "small": Size(members=8, boards=2, companies=6, tickets=40, weeks=2),
}


def build(*, seed: int, today: date, size: str) -> dict[str, list[Doc]]:
    """Every collection. size   full | small; ids and names of what both have are alike."""
    amount, random = SIZES[size], Random(seed)
    made = tables.set_up_tables(today)
    made["members"] = people.members(amount.members)
    made |= boards.board_tables(made["members"], amount.boards)
    made |= companies.company_tables(random, amount.companies)
    made |= tickets.ticket_tables(random, today, amount.tickets, made)
    made["entries"] = diary.diary_entries(random, today, amount.weeks, made)
    made["companyTeams"] = _company_teams(made)
    made["signingKeys"] = [
        {"id": 1, "keyId": str(UUID(int=random.getrandbits(128))), "signingKey": random.randbytes(32).hex()}
    ]
    _name_resources(made)
    return {name: [_stamped(doc, today) for doc in docs] for name, docs in made.items()}


def _company_teams(made: dict[str, list[Doc]]) -> list[Doc]:
    manager = next((m for m in made["members"] if m["id"] == 112), made["members"][0])
    return [
        {
            "id": company["id"], "company": {"id": company["id"], "identifier": company["identifier"],
            "name": company["name"]}, "teamRole": {"id": 1, "name": "Account Manager"},
            "member": boards.member_reference(manager), "accountManagerFlag": True, "techFlag": False,
            "salesFlag": False,
        }
        for company in made["companies"]
    ]  # fmt: skip


def _name_resources(made: dict[str, list[Doc]]) -> None:
    """Who is on each ticket, from its open entries."""
    on_it: dict[int, dict[str, None]] = {}
    for entry in made["entries"]:
        if entry["type"]["identifier"] == "S" and not entry["doneFlag"]:
            on_it.setdefault(entry["objectId"], {})[entry["member"]["identifier"]] = None
    for ticket in made["tickets"]:
        if ticket["id"] in on_it:
            ticket["resources"] = ", ".join(on_it[ticket["id"]])


def _stamped(doc: Doc, today: date) -> Doc:
    stamp = f"{today}T06:00:00Z"
    info = {
        "lastUpdated": stamp,
        "updatedBy": constants.COMPANY_ID,
        "dateEntered": stamp,
        "enteredBy": constants.COMPANY_ID,
    }
    return {"_info": info, **{key: value for key, value in doc.items() if value is not None}}
