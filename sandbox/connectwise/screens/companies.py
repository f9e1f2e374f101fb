"""Companies with their contacts and activities, the newest first: what other programs made is on top."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.connectwise.errors import not_found
from sandbox.connectwise.screens.base import Desktop
from sandbox.connectwise.store import Doc


class CompanyScreens:
    """Pages about the MSP's clients; to look at only."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._store = desktop.psa.store

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/companies", self.index),
            Route("/companies/{id:int}", self.show),
            Route("/activities", self.activities),
        ]

    async def index(self, request: Request) -> Response:
        """Every company, with how many contacts it has."""
        counts = Counter((contact.get("company") or {}).get("id") for contact in self._store.all("contacts"))
        companies = [company for company in self._store.all("companies") if not company["deletedFlag"]]
        return self._desktop.page(request, "companies.html", companies=_newest_first(companies), counts=counts)

    async def show(self, request: Request) -> Response:
        """One company: its people, tickets and activities."""
        company = self._store.find("companies", request.path_params["id"])
        if company is None:
            raise not_found("company", request.path_params["id"])
        return self._desktop.page(
            request,
            "company.html",
            company=company,
            contacts=[
                {"contact": contact, "email": _first(contact, "Email"), "phones": _all(contact, "Phone")}
                for contact in self._of(company, "contacts")
            ],
            tickets=self._of(company, "tickets")[:25],
            activities=self._of(company, "activities"),
        )

    async def activities(self, request: Request) -> Response:
        """Every activity."""
        activities = _newest_first(self._store.all("activities"))
        return self._desktop.page(request, "activities.html", activities=activities)

    def _of(self, company: Doc, collection: str) -> list[Doc]:
        docs = self._store.all(collection)
        return _newest_first([doc for doc in docs if (doc.get("company") or {}).get("id") == company["id"]])


def _newest_first(docs: list[Doc]) -> list[Doc]:
    return sorted(docs, key=lambda doc: int(doc["id"]), reverse=True)


def _all(contact: Doc, kind: str) -> list[str]:
    items = [item for item in contact.get("communicationItems", ()) if item["communicationType"] == kind]
    return [str(item["value"]) for item in sorted(items, key=lambda item: not item.get("defaultFlag"))]


def _first(contact: Doc, kind: str) -> str:
    return next(iter(_all(contact, kind)), "")
