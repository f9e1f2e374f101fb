"""Boards with their statuses, types and teams. The same status name has another id on every board."""

from __future__ import annotations

from sandbox.connectwise.store import Doc

PROJECT_BOARD = 5
_BOARDS = (
    (1, "Service Desk", 2, False), (2, "Managed Services", 2, False), (3, "Field Service", 3, False),
    (4, "Internal IT", 2, False), (PROJECT_BOARD, "Client Projects", 2, True),
)  # fmt: skip
_OFFICES = {2: "Columbus", 3: "Denver"}

# name, closed, escalation
_STATUSES = (
    ("New", False, "NotResponded"),
    ("Assigned", False, "Responded"),
    ("In Progress", False, "ResolutionPlan"),
    ("Schedule Sent", False, "Responded"),
    ("Scheduled", False, "ResolutionPlan"),
    ("Schedule Cancelled", False, "Responded"),
    ("No Response", False, "Responded"),
    ("Waiting on Client", False, "NoEscalation"),
    ("Waiting on Vendor", False, "NoEscalation"),
    ("Completed", False, "Resolved"),
    ("Closed", True, "Resolved"),
    ("Cancelled", True, "Resolved"),
)
_LEFT_OUT = {3: ("Assigned", "Waiting on Vendor"), 4: ("No Response", "Cancelled"), 5: ("Assigned", "Completed")}
_TYPES = {
    1: ("Workstation", "Email", "Printing", "Accounts", "Network"),
    2: ("Server", "Backup", "Security", "Network"),
    3: ("Installation", "Cabling", "Hardware"),
    4: ("Internal",),
    5: ("Migration", "Deployment", "Office Move"),
}
_TEAMS = (
    (1, 1, "Tier 1", 101, (101, 113, 114, 104, 120)), (2, 1, "Tier 2", 102, (102, 105, 115)),
    (3, 2, "Infrastructure", 105, (105, 102, 111)), (4, 3, "Field Team", 103, (103, 109, 116)),
    (5, 4, "Internal", 108, (108, 107)),
)  # fmt: skip
_PROJECT_TEAMS = ((1, "Deployment", (106, 110)), (2, "Migration", (106, 111, 115)))


def board_tables(members: list[Doc], count: int) -> dict[str, list[Doc]]:
    """Boards and what belongs to them; `count` service boards and always the project board."""
    kept = [row for row in _BOARDS if row[0] <= count or row[3]]
    boards = [_board(*row) for row in kept]
    people = {member["id"]: member for member in members}
    statuses = [status for board in boards for status in _statuses(board)]
    types = [type_ for board in boards for type_ in _types(board)]
    teams = [_team(row, people) for row in _TEAMS if any(board["id"] == row[1] for board in boards)]
    return {
        "boards": boards,
        "boardStatuses": statuses,
        "boardTypes": types,
        "boardSubtypes": [],
        "boardItems": [],
        "boardTeams": teams,
        "serviceTeams": [{"id": team["id"], "name": team["name"], "leader": team["teamLeader"]} for team in teams],
        "projectBoardTeams": [
            {"id": record_id, "name": name, "defaultFlag": record_id == 1, "~boardId": PROJECT_BOARD}
            for record_id, name, _ in _PROJECT_TEAMS
        ],
        "projectBoardTeamMembers": [
            {
                "id": team * 10 + place, "member": member_reference(people[record_id]), "~teamId": team,
                "~boardId": PROJECT_BOARD, "projectRole": {"id": 1, "identifier": "Engineer"},
            }
            for team, _, ids in _PROJECT_TEAMS
            for place, record_id in enumerate((i for i in ids if i in people), start=1)
        ],
    }  # fmt: skip


def member_reference(member: Doc) -> Doc:
    """How other objects name a member."""
    name = f"{member['firstName']} {member['lastName']}"
    return {"id": member["id"], "identifier": member["identifier"], "name": name}


def _board(record_id: int, name: str, office: int, is_project: bool) -> Doc:
    return {
        "id": record_id, "name": name, "location": {"id": office, "name": _OFFICES[office]},
        "department": {"id": 11, "identifier": "Managed", "name": "Managed Services"}, "inactiveFlag": False,
        "projectFlag": is_project, "sendToContactFlag": False, "sendToResourceFlag": True,
    }  # fmt: skip


def _statuses(board: Doc) -> list[Doc]:
    rows = [row for row in _STATUSES if row[0] not in _LEFT_OUT.get(board["id"], ())]
    return [
        {
            "id": 480 + board["id"] * 20 + place, "name": name, "board": {"id": board["id"], "name": board["name"]},
            "sortOrder": place * 10, "displayOnBoard": not closed, "inactive": False, "closedStatus": closed,
            "timeEntryNotAllowed": name == "Closed", "defaultFlag": name == "New", "escalationStatus": escalation,
        }
        for place, (name, closed, escalation) in enumerate(rows, start=1)
    ]  # fmt: skip


def _types(board: Doc) -> list[Doc]:
    return [
        {
            "id": 200 + board["id"] * 10 + place, "name": name, "category": "Reactive", "defaultFlag": place == 1,
            "inactiveFlag": False, "board": {"id": board["id"], "name": board["name"]},
        }
        for place, name in enumerate(_TYPES[board["id"]], start=1)
    ]  # fmt: skip


def _team(row: tuple[int, int, str, int, tuple[int, ...]], people: dict[int, Doc]) -> Doc:
    record_id, board, name, leader, ids = row
    present = [member for member in ids if member in people]
    return {
        "id": record_id, "name": name, "teamLeader": member_reference(people.get(leader, people[101])),
        "members": present, "defaultFlag": record_id in (1, 3, 4, 5), "boardId": board, "locationId": 2,
        "businessUnitId": 11,
    }  # fmt: skip
