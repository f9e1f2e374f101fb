"""
What we send to ConnectWise and what we count on in its answers, typed by us.

Requests may hold nothing that is not written here. Answers may hold more, but what we use must be there and must not
need to be bent into its type.
"""

# ruff: noqa: N815 (the names are the vendor's)
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Got(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
WallClock = Annotated[str, Field(pattern=r"^\d\d:\d\d:\d\d$")]
Id = Annotated[int, Field(gt=0)]


# What we send.


class ById(Sent):
    id: Id


class ByIdentifier(Sent):
    identifier: str


class EntryBody(Sent):
    objectId: Id
    type: ByIdentifier
    member: ById
    dateStart: Instant
    dateEnd: Instant
    name: Annotated[str, Field(max_length=250)]
    allowScheduleConflictsFlag: Literal[True]
    addMemberToProjectFlag: Literal[True] = True


class NoteBody(Sent):
    text: Annotated[str, Field(min_length=1, pattern=r"Ref [0-9a-f]{10}$")]
    detailDescriptionFlag: bool
    internalAnalysisFlag: bool
    resolutionFlag: Literal[False]
    processNotifications: Literal[False]


class TicketBody(Sent):
    summary: Annotated[str, Field(min_length=1, max_length=100)]
    initialDescription: str = ""
    externalXRef: Annotated[str, Field(pattern=r"^slotdesk-[0-9a-f]{24}$")]
    board: ById
    company: ById
    contact: ById | None = None
    type: ById | None = None
    status: ById | None = None
    priority: ById | None = None


class ByName(Sent):
    name: str


class CompanyBody(Sent):
    identifier: Annotated[str, Field(max_length=25, pattern=r"^[A-Za-z0-9]+-[0-9a-f]{8}$")]
    name: Annotated[str, Field(min_length=1, max_length=50)]
    site: ByName
    types: list[ById] = []
    status: ById | None = None


class ActivityBody(Sent):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    assignTo: ById
    dateStart: Instant
    dateEnd: Instant
    notes: Annotated[str, Field(pattern=r"Ref [0-9a-f]{10}$")]
    company: ById | None = None
    contact: ById | None = None
    type: ById | None = None


class CommunicationBody(Sent):
    type: ById
    value: str
    defaultFlag: Literal[True]


class ContactBody(Sent):
    firstName: Annotated[str, Field(min_length=1, max_length=30)]
    lastName: Annotated[str, Field(min_length=1, max_length=30)]
    company: ById
    communicationItems: list[CommunicationBody]


class CallbackBody(Sent):
    description: str
    url: Annotated[str, Field(pattern=r"^https://.*[?&]recordId=$")]
    type: Literal["ticket", "schedule"]
    level: Literal["owner"]
    objectId: Literal[1]
    isSelfSuppressedFlag: Literal[True]
    inactiveFlag: Literal[False]


class HostedSetupBody(Sent):
    screenId: Id
    description: Annotated[str, Field(max_length=50)]
    url: Annotated[str, Field(max_length=1024, pattern=r"\[cw_id\]")]
    type: Literal["Pod"]
    origin: Annotated[str, Field(max_length=100)]
    clientId: str
    podHeight: Id
    disabledFlag: Literal[False]


class Operation(Sent):
    """One change. Only whole top-level fields: deeper paths are accepted by the vendor and change nothing."""

    op: Literal["replace"]
    path: Annotated[str, Field(pattern=r"^[a-zA-Z]+$")]
    value: Any


def _changes(*fields: str) -> TypeAdapter[Any]:
    def only_these(operations: list[Operation]) -> list[Operation]:
        assert {operation.path for operation in operations} <= set(fields)
        return operations

    return TypeAdapter(Annotated[list[Operation], AfterValidator(only_these)])


# What we count on.


class Ref(Got):
    id: Id
    name: str


class Identified(Got):
    id: Id
    identifier: str


class CompanyInfo(Got):
    CompanyName: str
    Codebase: Annotated[str, Field(pattern=r"^[\w.]+/$")]
    VersionCode: str


class Ticket(Got):
    id: Id
    summary: str
    board: Ref
    status: Ref
    company: Ref
    contact: Ref
    contactName: str
    contactEmailAddress: str = ""
    priority: Ref
    owner: Identified | None = None
    closedFlag: bool


class FoundTicket(Got):
    """One of a list, which may be anybody's: without a contact, too."""

    id: Id
    summary: str
    board: Ref
    status: Ref
    closedFlag: bool


class Entry(Got):
    id: Id
    type: Identified
    member: Identified
    dateStart: Instant
    dateEnd: Instant
    status: Ref
    name: str
    doneFlag: bool
    objectId: Id | None = None
    ticketType: str = ""


class Note(Got):
    id: Id
    text: str
    internalAnalysisFlag: bool
    detailDescriptionFlag: bool


class Board(Got):
    id: Id
    name: str
    inactiveFlag: bool
    projectFlag: bool


class BoardTeam(Got):
    id: Id
    name: str
    members: list[Id]


class ProjectBoardTeamMember(Got):
    id: Id
    member: Identified


class BoardStatus(Got):
    id: Id
    name: str
    sortOrder: int
    inactive: bool
    closedStatus: bool


class CommunicationItem(Got):
    value: str
    communicationType: Literal["Email", "Phone", "Fax"]
    defaultFlag: bool


class Company(Got):
    id: Id
    name: str
    deletedFlag: bool


class CompanyStatus(Got):
    id: Id
    name: str
    inactiveFlag: bool


class Activity(Got):
    id: Id
    name: str
    notes: str = ""
    assignTo: Identified
    dateStart: Instant
    dateEnd: Instant


class CommunicationType(Got):
    id: Id
    description: str
    phoneFlag: bool
    emailFlag: bool
    defaultFlag: bool


class Communication(Got):
    id: Id
    value: str


class Contact(Got):
    id: Id
    firstName: str
    lastName: str = ""
    company: Ref
    inactiveFlag: Literal[False]
    communicationItems: list[CommunicationItem]


class Member(Got):
    id: Id
    identifier: str
    firstName: str
    lastName: str
    licenseClass: Literal["F", "A", "C", "X"]
    inactiveFlag: bool
    timeZone: Ref
    defaultEmail: Literal["Office", "Mobile", "Home"]
    primaryEmail: str
    calendar: Ref | None = None


class MyMember(Got):
    id: Id
    identifier: str
    firstName: str
    lastName: str
    inactiveFlag: bool
    defaultEmail: str


class TimeZoneSetup(Got):
    id: Id
    name: str
    timeZone: Ref


class Calendar(Got):
    id: Id
    name: str
    holidayList: Ref | None = None
    mondayStartTime: WallClock | None = None
    mondayEndTime: WallClock | None = None
    sundayStartTime: WallClock | None = None
    sundayEndTime: WallClock | None = None


class Holiday(Got):
    id: Id
    name: str
    date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT00:00:00Z$")]
    allDayFlag: bool
    timeStart: WallClock | None = None
    timeEnd: WallClock | None = None


class ScheduleStatus(Got):
    id: Id
    name: str
    showAsTentativeFlag: bool


class Callback(Got):
    id: Id
    description: str
    url: str
    type: str
    level: str
    objectId: int
    inactiveFlag: bool


class HostedSetup(Got):
    id: Id
    screenId: Id
    description: str
    url: str
    disabledFlag: bool


class Anything(Got):
    """An answer of which only the status matters."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One call we make. `path` is below the API's root, `#` stands for a number."""

    method: str
    path: str
    answer: TypeAdapter[Any]
    body: TypeAdapter[Any] | None = None
    params: frozenset[str] = frozenset()

    def applies_to(self, method: str, path: str) -> bool:
        return method == self.method and bool(re.fullmatch(self.path.replace("#", r"\d+"), path))


_PAGES = frozenset({"pageSize", "pageId", "conditions"})
_FOUND = frozenset({"pageSize", "conditions", "orderBy"})
_SEARCH = frozenset({"pageSize", "pageId", "conditions", "childConditions", "orderBy"})


def _one(path: str, model: type[Got]) -> Rule:
    return Rule("GET", path, TypeAdapter(model))


def _list(path: str, model: type[Got], params: frozenset[str] = _PAGES) -> Rule:
    return Rule("GET", path, TypeAdapter(list[model]), params=params)  # type: ignore[valid-type]


def _create(path: str, body: type[Sent], model: type[Got]) -> Rule:
    return Rule("POST", path, TypeAdapter(model), TypeAdapter(body))


def _change(path: str, model: type[Got], *fields: str) -> Rule:
    return Rule("PATCH", path, TypeAdapter(model), _changes(*fields))


RULES: tuple[Rule, ...] = (
    _one("/system/info", Anything),
    _one("/system/myMembers/info", MyMember),
    _list("/system/members", Member),
    _list("/system/timeZoneSetups", TimeZoneSetup),
    _list("/system/callbacks", Callback),
    _create("/system/callbacks", CallbackBody, Callback),
    _change("/system/callbacks/#", Callback, "url", "inactiveFlag"),
    _list("/system/connectWiseHostedScreens", Ref),
    _list("/system/connectwisehostedsetups", HostedSetup),
    _create("/system/connectwisehostedsetups", HostedSetupBody, HostedSetup),
    _change("/system/connectwisehostedsetups/#", HostedSetup, "url", "origin", "disabledFlag"),
    _list("/schedule/calendars", Calendar),
    _list("/schedule/holidayLists", Anything),
    _list("/schedule/holidayLists/#/holidays", Holiday),
    _list("/schedule/types", Identified),
    _list("/schedule/statuses", ScheduleStatus),
    _list("/schedule/entries", Entry),
    _one("/schedule/entries/#", Entry),
    _create("/schedule/entries", EntryBody, Entry),
    _change("/schedule/entries/#", Entry, "dateStart", "dateEnd", "name", "allowScheduleConflictsFlag"),
    Rule("DELETE", "/schedule/entries/#", TypeAdapter(None)),
    _list("/service/boards", Board),
    _list("/service/boards/#/statuses", BoardStatus),
    _list("/service/boards/#/teams", BoardTeam),
    _list("/project/boards/#/teams", Ref),
    _list("/project/boards/#/teams/#/members", ProjectBoardTeamMember),
    _list("/company/contacts", Contact, _SEARCH),
    _one("/company/contacts/#", Contact),
    _create("/company/contacts", ContactBody, Contact),
    _list("/company/companies", Company, _FOUND),
    _one("/company/companies/#", Company),
    _create("/company/companies", CompanyBody, Company),
    _list("/company/companies/types", Ref),
    _list("/sales/activities", Activity),
    _list("/sales/activities/types", Ref),
    _one("/sales/activities/#", Activity),
    _create("/sales/activities", ActivityBody, Activity),
    _change("/sales/activities/#", Activity, "name", "assignTo", "dateStart", "dateEnd"),
    Rule("DELETE", "/sales/activities/#", TypeAdapter(None)),
    _list("/company/companies/statuses", CompanyStatus),
    _list("/company/communicationTypes", CommunicationType),
    _create("/company/contacts/#/communications", CommunicationBody, Communication),
    _change("/company/contacts/#/communications/#", Communication, "value"),
    _list("/service/tickets", FoundTicket, _FOUND),
    _list("/project/tickets", FoundTicket, _FOUND),
    _create("/service/tickets", TicketBody, Ticket),
    _list("/service/boards/#/types", Ref),
    _list("/service/priorities", Ref),
    *(
        rule
        for kind in ("service", "project")
        for rule in (
            _one(f"/{kind}/tickets/#", Ticket),
            _change(f"/{kind}/tickets/#", Ticket, "status", "owner"),
            _list(f"/{kind}/tickets/#/notes", Note),
            _one(f"/{kind}/tickets/#/notes/#", Note),
            _create(f"/{kind}/tickets/#/notes", NoteBody, Note),
        )
    ),
)
