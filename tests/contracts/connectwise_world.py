"""The ConnectWise stand-in as the PSA contract suite needs it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sandbox.connectwise import constants
from sandbox.connectwise.server import Sandbox
from slotdesk.integrations.connectwise.adapter import Psa
from slotdesk.integrations.connectwise.session import PAGE_SIZE
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.integrations.contract.psa_world import Fault, Hook, Message, Panel, World
from slotdesk.lib.addresses import parse_networks
from slotdesk.lib.http import Door
from slotdesk.lib.tests.answering import Answer, Seen, answering
from slotdesk.ports.psa import TicketRef

LOOPBACK = parse_networks(["127.0.0.0/8"])

_KINDS: dict[Fault, dict[str, Any]] = {
    Fault.LOST_ANSWER: {"kind": "reset-after"},
    Fault.DROPPED: {"kind": "reset"},
    Fault.BROKEN: {"kind": "500"},
    Fault.BUSY: {"kind": "429", "amount": 3600},
    Fault.SILENT: {"kind": "timeout"},
    Fault.REFUSED: {"kind": "expired-key"},
}
_EMAIL, _DIRECT, _CELL = 1, 2, 4
_PATHS = {
    "": "*",
    "entries": "/schedule/entries*",
    "notes": "/*/tickets/*/notes*",
    "tickets": "/*/tickets/*",
    "contacts": "/company/contacts*",
    "companies": "/company/companies*",
    "activities": "/sales/activities*",
    "ticket list": "/service/tickets",
}


class ConnectWiseWorld(World):
    """A running stand-in; `door` is what the adapters go out through."""

    member_id = "101"
    other_member_id = "102"
    secrets = (constants.PRIVATE_KEY, "wrongPrivateKey")

    def __init__(self, sandbox: Sandbox, *, door: Callable[..., Door] = Door) -> None:
        self.sandbox = sandbox
        self._door = door
        self._api = httpx.Client(
            base_url=sandbox.api_url,
            auth=(f"{sandbox.company_id}+{sandbox.public_key}", sandbox.private_key),
            headers={"clientId": sandbox.client_id},
            trust_env=False,
        )

    def close(self) -> None:
        self._api.close()

    def settings(self, **changed: str) -> Settings:
        values = {
            "company_id": self.sandbox.company_id,
            "public_key": self.sandbox.public_key,
            "private_key": self.sandbox.private_key,
            "client_id": self.sandbox.client_id,
            "base_url": self.sandbox.url,
        }
        return Settings.model_validate(values | changed)

    def open(self, *, seconds: float = 10.0, **changed: str) -> Psa:
        return Psa(self.settings(**changed), door=self._door(allowed_private=LOOPBACK, deadline=seconds))

    def open_with_wrong_keys(self) -> Psa:
        return self.open(private_key="wrongPrivateKey")

    def open_with_few_rights(self) -> Psa:
        return self.open(public_key=constants.LIMITED_PUBLIC_KEY, private_key=constants.LIMITED_PRIVATE_KEY)

    @contextmanager
    def failing(self, fault: Fault, *, method: str = "", of: str = "", skip: int = 0) -> Iterator[None]:
        switch: dict[str, Any] = {**_KINDS[fault], "method": method, "path": _PATHS[of]}
        if skip:
            switch |= {"every": skip + 1, "times": 1}
        elif fault is Fault.LOST_ANSWER:
            switch |= {"times": 1}
        self.sandbox.switchboard.replace([switch])
        try:
            yield
        finally:
            self.sandbox.switchboard.replace([])

    def make_ticket(self, kind: str = "service_ticket") -> TicketRef:
        store = self.sandbox.store
        contact = next(c for c in store.all("contacts") if _has_email(c) and not c.get("inactiveFlag"))
        body = {"summary": "Printer in the hall is down", "contact": {"id": contact["id"]}}
        body["company"] = {"id": contact["company"]["id"]}
        if kind == "project_ticket":
            return TicketRef(
                kind, self._post("/project/tickets", {**body, "phase": {"id": store.all("phases")[0]["id"]}})
            )
        return TicketRef(kind, self._post("/service/tickets", {**body, "board": {"id": store.all("boards")[0]["id"]}}))

    def make_ticket_without_address(self) -> TicketRef:
        """A ticket that names its contact and leaves the address to the contact's card."""
        ref, store = self.make_ticket(), self.sandbox.store
        doc = store.get("tickets", int(ref.id))
        store.put("tickets", {name: value for name, value in doc.items() if name != "contactEmailAddress"})
        return ref

    def statuses_of(self, ticket: TicketRef) -> tuple[str, list[str], str]:
        found = self.sandbox.store.get("tickets", int(ticket.id))
        statuses = self.sandbox.store.all("boardStatuses")
        own = [str(s["id"]) for s in statuses if s["board"]["id"] == found["board"]["id"] and not s["inactive"]]
        foreign = next(str(s["id"]) for s in statuses if s["board"]["id"] != found["board"]["id"])
        return str(found["status"]["id"]), own, foreign

    def close_ticket(self, ticket: TicketRef) -> None:
        found = self.sandbox.store.get("tickets", int(ticket.id))
        statuses = self.sandbox.store.all("boardStatuses")
        closed = next(s for s in statuses if s["board"]["id"] == found["board"]["id"] and s["closedStatus"])
        operation = {"op": "replace", "path": "status", "value": {"id": closed["id"]}}
        kind = ticket.kind.removesuffix("_ticket")
        self._api.patch(f"/{kind}/tickets/{ticket.id}", json=[operation]).raise_for_status()

    def owner_of(self, ticket: TicketRef) -> str:
        owner = self.sandbox.store.get("tickets", int(ticket.id)).get("owner")
        return str(owner["id"]) if owner else ""

    def crowd(self, member_id: str, *, starts_at: datetime) -> int:
        count, half_hour = 2 * PAGE_SIZE + 1, timedelta(minutes=30)
        member = self.sandbox.store.get("members", int(member_id))
        for n in range(count):
            entry = {
                "type": {"id": 5, "identifier": "M"},
                "name": "Workshop",
                "member": {"id": member["id"], "identifier": member["identifier"], "name": "Jordan Doe"},
                "dateStart": _text(starts_at + n * half_hour),
                "dateEnd": _text(starts_at + (n + 1) * half_hour),
                "status": {"id": 2, "name": "Firm"},
                "doneFlag": False,
            }
            self.sandbox.store.add("entries", entry)
        return count

    def entries_on(self, ticket: TicketRef) -> list[tuple[str, str, datetime, datetime]]:
        return [
            (
                str(entry["id"]),
                str(entry["member"]["id"]),
                datetime.fromisoformat(entry["dateStart"]),
                datetime.fromisoformat(entry["dateEnd"]),
            )
            for entry in self.sandbox.store.all("entries")
            if entry["type"]["identifier"] == "S" and entry["objectId"] == int(ticket.id)
        ]

    def notes_on(self, ticket: TicketRef) -> list[tuple[str, bool]]:
        notes = [note for note in self.sandbox.store.all("notes") if note["ticketId"] == int(ticket.id)]
        return [(note["text"], note["internalFlag"]) for note in notes]

    def delete_entry(self, entry_id: str) -> None:
        self._api.delete(f"/schedule/entries/{entry_id}").raise_for_status()

    def make_contact(self, *phones: str, email: str = "") -> str:
        company = self.sandbox.store.all("companies")[0]
        made = self._post("/company/contacts", {"firstName": "Robin", "company": {"id": company["id"]}})
        for n, phone in enumerate(phones):
            item = {"type": {"id": (_DIRECT, _CELL)[n]}, "value": phone, "defaultFlag": n == 0}
            self._post(f"/company/contacts/{made}/communications", item)
        if email:
            item = {"type": {"id": _EMAIL}, "value": email, "defaultFlag": True}
            self._post(f"/company/contacts/{made}/communications", item)
        return made

    def companies_called(self, name: str) -> list[str]:
        return [str(company["id"]) for company in self.sandbox.store.all("companies") if company["name"] == name]

    def kind_and_status_of(self, company_id: str) -> tuple[str, str]:
        company = self.sandbox.store.get("companies", int(company_id))
        return str(company["types"][0]["id"]), str(company["status"]["id"])

    def activities_of(self, contact_id: str) -> list[tuple[str, str, datetime, datetime]]:
        return [
            (
                str(activity["id"]),
                str(activity["assignTo"]["id"]),
                datetime.fromisoformat(activity["dateStart"]),
                datetime.fromisoformat(activity["dateEnd"]),
            )
            for activity in self.sandbox.store.all("activities")
            if (activity.get("contact") or {}).get("id") == int(contact_id)
        ]

    def phones_of(self, contact_id: str) -> list[str]:
        items = self.sandbox.store.get("contacts", int(contact_id))["communicationItems"]
        phones = [item for item in items if item["communicationType"] == "Phone"]
        return [item["value"] for item in sorted(phones, key=lambda item: not item["defaultFlag"])]

    def panels(self) -> list[Panel]:
        return [Panel(setup["url"], not setup["disabledFlag"]) for setup in self.sandbox.store.all("hostedSetups")]

    def hooks(self) -> list[Hook]:
        return [Hook(c["type"], c["url"], not c["inactiveFlag"]) for c in self.sandbox.store.all("callbacks")]

    def switch_hooks_off(self) -> None:
        for callback in self.sandbox.store.all("callbacks"):
            self.sandbox.store.put("callbacks", {**callback, "inactiveFlag": True})

    def message_about(self, ticket: TicketRef) -> Message:
        arrived, messages = threading.Event(), list[Message]()

        def take(seen: Seen) -> Answer:
            if json.loads(seen.body)["ID"] == int(ticket.id):
                messages.append(Message(seen.headers, seen.body))
                arrived.set()
            return Answer(204, b"")

        with answering(take) as server:
            hook = {"url": f"{server.url}/?recordId=", "type": "ticket", "level": "ticket", "objectId": int(ticket.id)}
            hook_id = self._post("/system/callbacks", {**hook, "isSelfSuppressedFlag": False})
            operation = {"op": "replace", "path": "summary", "value": "Printer in the hall prints again"}
            self._api.patch(f"/service/tickets/{ticket.id}", json=[operation]).raise_for_status()
            assert arrived.wait(10), "the stand-in sent no callback"
            self._api.delete(f"/system/callbacks/{hook_id}").raise_for_status()
        return messages[0]

    def claims_of(self, member_id: str) -> dict[str, str]:
        member = self.sandbox.store.get("members", int(member_id))
        memberhash = f"hash-of-{member_id}"
        expires = _text(datetime.now(UTC) + timedelta(hours=1))
        self.sandbox.store.add("memberHashes", {"member": member["identifier"], "hash": memberhash, "expires": expires})
        return {
            "site": self.sandbox.url + "/",
            "companyid": self.sandbox.company_id,
            "memberid": member["identifier"],
            "memberHash": memberhash,
            "memberContext": "screen",
            "memberEmail": member["primaryEmail"],
        }

    def _post(self, path: str, body: dict[str, Any]) -> str:
        return str(self._api.post(path, json=body).raise_for_status().json()["id"])


def _has_email(contact: dict[str, Any]) -> bool:
    return any(item["communicationType"] == "Email" for item in contact["communicationItems"])


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
