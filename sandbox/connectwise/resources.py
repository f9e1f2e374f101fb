"""Every object the API serves: where it lies, what may be done with it, what it needs."""

from __future__ import annotations

from typing import Any

from . import activities, companies, hosting, notes, schedule, subscriptions, tickets
from . import references as ref
from .resource import Resource, names

_COMPANY_PARENT: dict[str, Any] = {"parents": {"company/id": "companyId"}, "parent_collection": "companies"}
_BOARD_PARENT: dict[str, Any] = {"parents": {"board/id": "boardId"}, "parent_collection": "boards"}
_TICKET_REFS = {
    "board": ref.BOARD, "status": ref.STATUS, "company": ref.COMPANY, "site": ref.SITE, "contact": ref.CONTACT,
    "type": ref.TYPE, "subType": ref.SUBTYPE, "item": ref.ITEM, "team": ref.TEAM, "owner": ref.MEMBER,
    "priority": ref.PRIORITY, "serviceLocation": ref.SERVICE_LOCATION, "source": ref.SOURCE,
    "location": ref.LOCATION, "department": ref.DEPARTMENT,
}  # fmt: skip
_TICKET_FIELDS = names(
    "summary board status company site siteName addressLine1 addressLine2 city stateIdentifier zip country contact "
    "contactName contactPhoneNumber contactPhoneExtension contactEmailAddress type subType item owner priority "
    "serviceLocation source requiredDate budgetHours actualHours estimatedStartDate duration customerUpdatedFlag "
    "automaticEmailContactFlag automaticEmailResourceFlag automaticEmailCcFlag automaticEmailCc initialDescription "
    "initialInternalAnalysis initialResolution processNotifications skipCallback closedFlag closedDate closedBy "
    "resources location department customFields _info id"
)
_SERVICE_TICKET_FIELDS = _TICKET_FIELDS | names(
    "recordType team severity impact sla dateResolved parentTicketId hasChildTicket mergedParentTicket externalXRef"
)
_NOTE_FIELDS = names(
    "text detailDescriptionFlag internalAnalysisFlag resolutionFlag issueFlag member contact customerUpdatedFlag "
    "processNotifications dateCreated createdBy internalFlag externalFlag id ticketId"
)


def _tickets(kind: str, record_types: tuple[str, ...], **rest: Any) -> list[Resource]:
    base = f"/{kind}/tickets"
    parent: dict[str, Any] = {"parents": {"ticketId": "ticketId"}, "parent_collection": "tickets"}
    return [
        Resource(
            base, "tickets", "ticket", "LRCUDS", where={"recordType": record_types}, lengths={"summary": 100},
            prepare=tickets.prepare, settle=tickets.settle, guard=tickets.guard, **rest,
        ),
        Resource(
            f"{base}/{{ticketId}}/notes", "notes", "note", "LRCUD", **parent, fields=_NOTE_FIELDS,
            refs={"member": ref.MEMBER, "contact": ref.CONTACT}, prepare=notes.prepare, settle=notes.settle,
            hidden=names("dateCreated createdBy") if kind == "project" else frozenset(),
        ),
    ]  # fmt: skip


RESOURCES: tuple[Resource, ...] = (
    *_tickets(
        "service", ("ServiceTicket",), required=("summary", "company"), refs=_TICKET_REFS,
        fields=_SERVICE_TICKET_FIELDS,
    ),
    *_tickets(
        "project", ("ProjectTicket", "ProjectIssue"), required=("summary", "phase"),
        refs={"project": ref.PROJECT, "phase": ref.PHASE, **{k: v for k, v in _TICKET_REFS.items() if k != "team"}},
        fields=_TICKET_FIELDS | names("project phase wbsCode isIssueFlag"), hidden=names("recordType"),
        derive=tickets.derive_from_phase,
    ),
    Resource("/service/boards", "boards", "board"),
    Resource("/service/boards/{boardId}/statuses", "boardStatuses", "boardStatus", **_BOARD_PARENT),
    Resource("/service/boards/{boardId}/types", "boardTypes", "boardType", **_BOARD_PARENT),
    Resource("/service/boards/{boardId}/subtypes", "boardSubtypes", "boardSubType", **_BOARD_PARENT),
    Resource("/service/boards/{boardId}/items", "boardItems", "boardItem", **_BOARD_PARENT),
    Resource(
        "/service/boards/{boardId}/teams", "boardTeams", "boardTeam",
        parents={"boardId": "boardId"}, parent_collection="boards",
    ),
    Resource("/service/teams", "serviceTeams", "serviceTeam"),
    Resource("/service/locations", "serviceLocations", "serviceLocation"),
    Resource("/service/priorities", "priorities", "priority"),
    Resource("/service/sources", "sources", "source"),
    Resource("/project/projects", "projects", "project"),
    Resource(
        "/project/projects/{projectId}/phases", "phases", "phase",
        parents={"projectId": "projectId"}, parent_collection="projects",
    ),
    Resource(
        "/project/projects/{projectId}/teamMembers", "projectTeamMembers", "teamMember", "LRCUD",
        parents={"projectId": "projectId"}, parent_collection="projects", required=("member", "projectRole"),
        refs={"member": ref.MEMBER, "projectRole": ref.PROJECT_ROLE},
        fields=names("member projectRole hours startDate endDate"),
    ),
    Resource(
        "/project/boards/{boardId}/teams", "projectBoardTeams", "projectBoardTeam",
        parents={"~boardId": "boardId"}, parent_collection="boards",
    ),
    Resource(
        "/project/boards/{boardId}/teams/{teamId}/members", "projectBoardTeamMembers", "projectBoardTeamMember",
        parents={"~teamId": "teamId", "~boardId": "boardId"}, parent_collection="projectBoardTeams",
    ),
    Resource(
        "/company/companies", "companies", "company", "LRCUD", required=("identifier", "name"),
        refs={"status": ref.COMPANY_STATUS, "timeZoneSetup": ref.TIME_ZONE, "calendar": ref.CALENDAR,
              "territory": ref.LOCATION, "territoryManager": ref.MEMBER, "defaultContact": ref.CONTACT},
        fields=names("identifier name status types site phoneNumber website territory timeZoneSetup calendar "
                    "defaultContact territoryManager deletedFlag addressLine1 addressLine2 city state zip country"),
        lengths={"identifier": 25, "name": 50}, prepare=companies.prepare_company, settle=companies.settle_company,
        guard=companies.guard_company,
    ),
    Resource("/company/companies/statuses", "companyStatuses", "companyStatus", "L"),
    Resource("/company/companies/types", "companyTypes", "companyType", "L"),
    Resource(
        "/company/companies/{companyId}/sites", "sites", "site", "LRCUD", **_COMPANY_PARENT, required=("name",),
        refs={"timeZone": ref.TIME_ZONE, "calendar": ref.CALENDAR},
        fields=names("name addressLine1 addressLine2 city stateReference zip country phoneNumber timeZone calendar "
                    "primaryAddressFlag inactiveFlag company"),
    ),
    Resource("/company/companies/{companyId}/teams", "companyTeams", "companyTeam", **_COMPANY_PARENT),
    Resource(
        "/company/contacts", "contacts", "contact", "LRCUD", required=("firstName",),
        refs={"company": ref.COMPANY, "site": ref.SITE},
        fields=names("firstName lastName company site title inactiveFlag defaultFlag defaultPhoneType defaultPhoneNbr "
                    "communicationItems types customFields relationship department"),
        lengths={"firstName": 30, "lastName": 30}, prepare=companies.prepare_contact, settle=companies.settle_contact,
        guard=companies.guard_contact,
    ),
    Resource(
        "/company/contacts/{contactId}/communications", "communications", "communication", "LRCUD",
        parents={"contactId": "contactId"}, parent_collection="contacts", required=("type", "value"),
        refs={"type": ref.COMMUNICATION_TYPE},
        fields=names("type value extension defaultFlag communicationType domain"),
        prepare=companies.prepare_communication, settle=companies.settle_communication,
    ),
    Resource("/company/contacts/types", "contactTypes", "contactType", "L"),
    Resource("/company/communicationTypes", "communicationTypes", "communicationType"),
    Resource("/system/members", "members", "member", fields=names("calendar timeZone inactiveDate officeExtension")),
    Resource("/system/locations", "locations", "location"),
    Resource("/system/departments", "departments", "department"),
    Resource("/system/timeZoneSetups", "timeZoneSetups", "timeZoneSetup"),
    Resource("/system/cwTimeZones", "cwTimeZones", "cwTimeZone"),
    Resource("/system/links", "links", "link"),
    Resource("/system/connectWiseHostedScreens", "hostedScreens", "hostedScreen", "L", hidden=names("_info")),
    Resource(
        "/system/connectwisehostedsetups", "hostedSetups", "connectWiseHostedSetup", "LRCUD",
        required=("screenId", "description", "url", "type"),
        fields=names("screenId description url type clientId origin podHeight toolbarButtonText toolbarButtonToolTip "
                    "toolbarButtonDialogHeight toolbarButtonDialogWidth disabledFlag locationIds "
                    "locationsEnabledFlag"),
        lengths={"description": 50, "url": 1024, "origin": 100}, prepare=hosting.prepare,
    ),
    Resource(
        "/system/callbacks", "callbacks", "callback", "LRCUD", required=("url", "objectId", "type", "level"),
        fields=names("description url objectId type level memberId payloadVersion inactiveFlag isSoapCallbackFlag "
                    "isSelfSuppressedFlag"),
        prepare=subscriptions.prepare,
    ),
    Resource("/schedule/calendars", "calendars", "calendar"),
    Resource("/schedule/holidayLists", "holidayLists", "holidayList"),
    Resource(
        "/schedule/holidayLists/{listId}/holidays", "holidays", "holiday",
        parents={"holidayList/id": "listId"}, parent_collection="holidayLists", fields=names("timeStart timeEnd"),
    ),
    Resource("/schedule/reminderTimes", "reminderTimes", "reminderTime"),
    Resource("/schedule/statuses", "scheduleStatuses", "scheduleStatus"),
    Resource("/schedule/types", "scheduleTypes", "scheduleType"),
    schedule.ENTRIES,
    Resource(
        "/sales/activities", "activities", "activity", "LRCUD", required=("name", "assignTo"),
        refs={"type": ref.ACTIVITY_TYPE, "company": ref.COMPANY, "contact": ref.CONTACT,
              "status": ref.ACTIVITY_STATUS, "ticket": ref.TICKET, "assignTo": ref.MEMBER,
              "assignedBy": ref.MEMBER, "scheduleStatus": ref.SCHEDULE_STATUS, "reminder": ref.REMINDER,
              "where": ref.SERVICE_LOCATION},
        fields=names("name type company contact phoneNumber phoneExtension email status ticket notes dateStart dateEnd "
                    "assignedBy assignTo scheduleStatus reminder where notifyFlag opportunity customFields"),
        lengths={"name": 100}, prepare=activities.prepare, settle=activities.settle,
    ),
    Resource("/sales/activities/types", "activityTypes", "activityType"),
    Resource("/sales/activities/statuses", "activityStatuses", "activityStatus"),
)  # fmt: skip

BY_COLLECTION = {resource.collection: resource for resource in reversed(RESOURCES)}
