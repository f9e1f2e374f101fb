"""Tickets, their notes, and the projects that some belong to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sandbox.connectwise.clock import write_instant
from sandbox.connectwise.references import shown_name
from sandbox.connectwise.store import Doc
from sandbox.connectwise.tickets import contact_details

from .boards import PROJECT_BOARD, member_reference
from .companies import OWN_COMPANY

FIRST_TICKET = 48201
_WORK = {
    1: (
        "Outlook keeps asking for a password", "Front desk printer offline", "Cannot open shared calendar",
        "Laptop very slow after update", "New starter: account and laptop for Monday", "VPN drops every few minutes",
        "Second monitor not detected", "Teams microphone not working", "Locked out after password change",
        "Scanner will not send to email", "Mapped drive missing", "Excel crashes when opening the rota",
        "Request: PDF editor licence", "Wi-Fi weak in the back office", "Phone not syncing mail",
        "Leaver: disable account today", "Browser pop-ups on reception PC", "Docking station not charging",
        "Shared mailbox access for the accounts team", "QuickBooks will not start",
    ),
    2: (
        "Backup job failed three nights in a row", "Server disk C: below 10 percent", "Certificate expires next week",
        "Firewall firmware update", "Monthly patching failed on two servers", "Suspicious sign-in from abroad",
        "SQL service stopped overnight", "UPS battery needs replacing", "Mail delayed for all users",
        "Review admin accounts", "Domain controller replication errors", "Move file shares to SharePoint",
    ),
    3: (
        "Install access point in meeting room", "Replace reception desktop", "Run two network drops to the warehouse",
        "Swap failed switch in the comms cabinet", "Mount display in the boardroom", "Label and tidy the rack",
        "Replace label printer on the packing line", "Move desk phones to the new wing", "Collect old equipment",
    ),
    4: (
        "Renew remote support licences", "Lab server rebuild", "Update onboarding checklist",
        "Quarterly access review", "Headset order for the service desk",
    ),
}  # fmt: skip
_PHASE_WORK = (
    "Pilot mailbox migration", "Migrate remaining mailboxes", "Cut over MX and verify", "Stage laptops",
    "Deploy laptops floor by floor", "Decommission old file server", "Site survey and network plan",
    "Move-day support", "User training session", "Hand-over documentation",
)  # fmt: skip
_OPENING = (
    "Hi, this started this morning after I logged in. Could somebody have a look? Thanks!",
    "It happens to everyone in the office, not only to me.",
    "I restarted twice and it did not help. I am in until five most days.",
    "Not urgent, but it would be good to have it done this month.",
    "Please call before you come, the door is locked after four.",
    "Alert raised by monitoring. First seen overnight.",
)
_PROJECTS = (
    (301, "Mailbox migration", 0), (302, "Laptop refresh", 8),
    (303, "Office move", 6), (304, "File server retirement", 20),
)  # fmt: skip
_PHASES = ("Plan", "Deliver", "Close out")


def ticket_tables(random: Random, today: date, count: int, tables: dict[str, list[Doc]]) -> dict[str, list[Doc]]:
    """`count` tickets on the boards of `tables`, one in eight of them in a project, one in five closed."""
    projects = _projects(today, tables)
    made: dict[str, list[Doc]] = {**projects, "tickets": [], "notes": []}
    for number in range(count):
        record_id = FIRST_TICKET + number
        is_project = number % 8 == 7
        ticket = (
            _project_ticket(random, record_id, made, tables)
            if is_project
            else _service_ticket(random, record_id, tables)
        )
        _finish(random, ticket, today, number, tables, age=25 * (count - number) / count)
        made["tickets"].append(ticket)
        made["notes"] += _notes(random, ticket, len(made["notes"]), tables)
    return made


def _projects(today: date, tables: dict[str, list[Doc]]) -> dict[str, list[Doc]]:
    board = next(board for board in tables["boards"] if board["id"] == PROJECT_BOARD)
    people = {member["id"]: member for member in tables["members"]}
    manager = people.get(110, people[101])
    projects, phases, team = [], [], []
    for record_id, name, place in _PROJECTS:
        company = tables["companies"][place % len(tables["companies"])]
        projects.append(
            {
                "id": record_id, "name": f"{company['name']}: {name}",
                "board": {"id": board["id"], "name": board["name"]},
                "company": _company_reference(company), "billingMethod": "FixedFee",
                "estimatedStart": f"{today - timedelta(days=20)}T00:00:00Z",
                "estimatedEnd": f"{today + timedelta(days=70)}T00:00:00Z", "manager": member_reference(manager),
                "status": {"id": 1, "name": "Open"}, "closedFlag": False,
            }
        )  # fmt: skip
        for place, phase in enumerate(_PHASES, start=1):
            phases.append(
                {"id": record_id * 10 + place, "projectId": record_id, "description": phase, "wbsCode": str(place),
                 "board": {"id": board["id"], "name": board["name"]}}
            )  # fmt: skip
        for place, member in enumerate((m for m in (110, 106, 102) if m in people), start=1):
            team.append(
                {"id": record_id * 10 + place, "projectId": record_id, "member": member_reference(people[member]),
                 "projectRole": {"id": 2, "identifier": "Project Manager"} if member == 110
                 else {"id": 1, "identifier": "Engineer"}}
            )  # fmt: skip
    return {"projects": projects, "phases": phases, "projectTeamMembers": team}


def _company_reference(company: Doc) -> Doc:
    return {"id": company["id"], "identifier": company["identifier"], "name": company["name"]}


def _service_ticket(random: Random, record_id: int, tables: dict[str, list[Doc]]) -> Doc:
    boards = [board for board in tables["boards"] if not board["projectFlag"]]
    board = random.choices(boards, weights=[6, 3, 2, 1][: len(boards)])[0]
    is_internal = board["id"] == 4
    company = random.choice([c for c in tables["companies"] if (c["id"] == OWN_COMPANY) is is_internal])
    kind = random.choice([t for t in tables["boardTypes"] if t["board"]["id"] == board["id"]])
    team = next((t for t in tables["boardTeams"] if t["boardId"] == board["id"]), None)
    work = _WORK[board["id"]]
    return {
        "id": record_id,
        "summary": work[record_id % len(work)],
        "recordType": "ServiceTicket",
        "board": {"id": board["id"], "name": board["name"]},
        "company": _company_reference(company),
        "type": {"id": kind["id"], "name": kind["name"]},
        "team": {"id": team["id"], "name": team["name"]} if team else None,
        "severity": random.choice(["Low", "Medium", "Medium", "High"]),
        "impact": random.choice(["Low", "Medium"]),
    }


def _project_ticket(random: Random, record_id: int, made: dict[str, list[Doc]], tables: dict[str, list[Doc]]) -> Doc:
    phase = random.choice(made["phases"])
    project = next(project for project in made["projects"] if project["id"] == phase["projectId"])
    kind = random.choice([t for t in tables["boardTypes"] if t["board"]["id"] == PROJECT_BOARD])
    return {
        "id": record_id,
        "summary": _PHASE_WORK[record_id // 8 % len(_PHASE_WORK)],
        "recordType": "ProjectTicket",
        "board": project["board"],
        "project": {"id": project["id"], "name": project["name"]},
        "phase": {"id": phase["id"], "name": phase["description"]},
        "wbsCode": f"{phase['wbsCode']}.{record_id % 9 + 1}",
        "company": project["company"],
        "type": {"id": kind["id"], "name": kind["name"]},
    }


def _finish(random: Random, ticket: Doc, today: date, number: int, tables: dict[str, list[Doc]], *, age: float) -> None:
    """Status, contact, site and stamps; age in days."""
    statuses = [s for s in tables["boardStatuses"] if s["board"]["id"] == ticket["board"]["id"]]
    is_closed = number % 5 == 4
    fitting = [s for s in statuses if s["closedStatus"] is is_closed]
    quiet = [s for s in fitting if s["name"] in ("New", "Assigned", "In Progress", "Waiting on Client")]
    status = random.choice(fitting if is_closed else quiet)
    ticket["status"] = {"id": status["id"], "name": status["name"]}
    ticket["closedFlag"] = is_closed
    opened = datetime.combine(today, time(1), UTC) - timedelta(days=age, minutes=random.randint(0, 90))
    stamp = write_instant(opened)
    if is_closed:
        ticket["closedDate"] = write_instant(opened + timedelta(hours=3))
    people = [c for c in tables["contacts"] if c["company"]["id"] == ticket["company"]["id"] and not c["inactiveFlag"]]
    if people and number % 17 != 13:
        contact = random.choice(people)
        ticket["contact"] = {"id": contact["id"], "name": shown_name(contact)}
        ticket |= {key: value for key, value in contact_details(contact).items() if value}
        ticket["site"] = contact["site"]
        ticket["siteName"] = contact["site"]["name"]
    elif people:
        # Written in by somebody the PSA does not know: an address and no contact.
        ticket["contactName"] = "Unknown sender"
        ticket["contactEmailAddress"] = f"info@{people[0]['communicationItems'][0]['value'].rpartition('@')[2]}"
    priority = random.choices(tables["priorities"], weights=[1, 3, 10, 6])[0]
    ticket["priority"] = {"id": priority["id"], "name": priority["name"]}
    source = random.choice(tables["sources"])
    ticket["source"] = {"id": source["id"], "name": source["name"]}
    ticket["serviceLocation"] = (
        {"id": 1, "name": "On-Site"} if ticket["board"]["id"] == 3 else {"id": 2, "name": "Remote"}
    )
    ticket["_info"] = {"lastUpdated": stamp, "updatedBy": "EmailConnector", "dateEntered": stamp,
                       "enteredBy": "EmailConnector"}  # fmt: skip


def _notes(random: Random, ticket: Doc, made: int, tables: dict[str, list[Doc]]) -> list[Doc]:
    opened = ticket["_info"]["dateEntered"]
    first: Doc = {
        "id": 90001 + made, "ticketId": ticket["id"], "text": random.choice(_OPENING), "detailDescriptionFlag": True,
        "internalAnalysisFlag": False, "resolutionFlag": False, "dateCreated": opened, "createdBy": "EmailConnector",
        "internalFlag": False, "externalFlag": True,
    }  # fmt: skip
    if ticket.get("contact"):
        first["contact"] = ticket["contact"]
    if random.random() > 0.35:
        return [first]
    author = member_reference(random.choice([m for m in tables["members"] if m["licenseClass"] == "F"]))
    second: Doc = {
        **first, "id": 90002 + made, "text": random.choice(("Called, no answer. Left a voicemail.",
        "Checked remotely, needs half an hour with the user.", "Same as last month, see the earlier ticket.")),
        "detailDescriptionFlag": False, "internalAnalysisFlag": True, "internalFlag": True, "externalFlag": False,
        "createdBy": author["identifier"], "member": author,
    }  # fmt: skip
    second.pop("contact", None)
    return [first, second]
