"""
Where clients' data are, field by field: the one list that the privacy page, export and erasure go by.

A test walks all tables and fails for a field that is neither here nor among those that hold none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """
    Client data in one table.

    title    what people call it
    fields   column → what is in it, in words
    period   the field of Retention that says how long
    ending   what happens then
    """

    table: str
    title: str
    fields: dict[str, str]
    period: str
    ending: str


CLIENT_DATA = (
    Kept(
        "booking.SchedulingRequest",
        "Requests",
        {
            "client_name": "name",
            "client_email": "e-mail address",
            "client_phone": "phone number",
            "company_name": "company",
            "language": "the language that they read",
            "company_id": "the company’s number in the PSA",
            "contact_id": "the contact’s number in the PSA",
            "ticket_id": "the ticket’s number in the PSA",
            "ticket_number": "ticket number",
            "ticket_summary": "the ticket’s subject",
            "ticket_url": "the ticket’s address",
            "campaign": "what the link that they followed said of where they came from",
        },
        "request_days",
        "emptied; type, people, times and outcome stay for statistics. The link dies.",
    ),
    Kept(
        "booking.Appointment",
        "Appointments",
        {
            "note": "what the client wrote",
            "answers": "what they answered to your questions",
            "zone": "the time zone they looked at",
            "wall_start": "the start as they read it on its clock",
        },
        "request_days",
        "note and answers are emptied with their request; zone and start become those of the account’s clock.",
    ),
    Kept(
        "booking.Guest",
        "Guests of appointments",
        {"email": "e-mail address", "added_by": "who named them"},
        "request_days",
        "deleted with the request’s data.",
    ),
    Kept(
        "booking.Cancellation",
        "Cancellations",
        {"by": "who cancelled", "reason": "why, in their words"},
        "request_days",
        "the reason is emptied with its request, and of a client it only stays that it was one.",
    ),
    Kept(
        "attributes.AttributeValue",
        "Custom attributes of requests",
        {"value": "what your people filled in"},
        "request_days",
        "deleted with the request’s data.",
    ),
    Kept(
        "workflows.StepRun",
        "What was done for a request",
        {
            "outcome": "how it ended, such as the address a mail went to",
            "result": "numbers of contact and ticket in the PSA",
        },
        "request_days",
        "the words are removed with the request; what was done and when stays.",
    ),
    Kept(
        "client_messages.Email",
        "E-mails to clients and about them",
        {
            "to": "addresses",
            "subject": "subject",
            "text": "text",
            "html": "text with its look",
            "calendar": "the invitation for the calendar",
        },
        "email_days",
        "deleted; also before, when the client’s request is emptied.",
    ),
    Kept(
        "links.EmailProof",
        "Codes sent to visitors of links",
        {
            "email": "e-mail address",
            "ticket_number": "the ticket that it was for",
            "ticket": "the ticket’s subject, the contact’s name and number in the PSA",
            "language": "the language that they read",
        },
        "email_days",
        "deleted.",
    ),
    Kept(
        "links.OpeningAlert",
        "Who wants to be told when a time opens",
        {
            "email": "e-mail address",
            "zone": "the time zone they looked at",
            "language": "the language in which they read",
            "ticket_number": "the ticket that it was for",
            "about": "what they wait for, with that ticket",
            "campaign": "what the link that they followed said of where they came from",
        },
        "email_days",
        "deleted; also before, when the client’s request is emptied. Nobody is waited for longer than 30 days.",
    ),
    Kept(
        "links.SignedLink",
        "Links made for one client or one ticket",
        {
            "name": "name",
            "email": "e-mail address",
            "company": "company",
            "contact_id": "the contact’s number in the PSA",
            "ticket_id": "the ticket’s number in the PSA",
            "ticket_number": "ticket number",
            "ticket_summary": "the ticket’s subject",
        },
        "request_days",
        "deleted, counted from the day on which it expires.",
    ),
    Kept(
        "connections.InboundCall",
        "Calls from your PSA",
        {"body": "what it said, which may name clients", "changes": "what of it mattered"},
        "call_days",
        "deleted.",
    ),
    Kept(
        "connections.BusyPeriod",
        "Entries in your people’s calendars",
        {"title": "title, which may name clients"},
        "request_days",
        "deleted, counted from the entry’s end. Until then it follows the calendar it was read from.",
    ),
    Kept(
        "events.Event",
        "History and audit log",
        {
            "actor": "the client’s name where they booked, moved or cancelled",
            "address": "network address",
            "data": "reasons given",
            "changes": "what an edit changed",
        },
        "audit_days",
        "deleted; names and words of a client also before, when their request is emptied.",
    ),
)

# Apps that know no clients: the people who sign in, their settings, and what they offer.
APPS_WITHOUT_CLIENTS = frozenset({"tenants", "people", "catalog", "privacy", "profile", "sign_in", "removals"})

# Columns that were looked at, in the tables of the other apps, and hold nothing about clients.
WITHOUT_CLIENT_DATA: dict[str, frozenset[str]] = {
    "booking.SchedulingRequest": frozenset(
        {"public_id", "token", "internal_name", "external_name", "description", "terms", "workflow", "limits_zone"}
        | {"place", "phone_rule", "ticket_kind", "created_by"}
    ),
    "booking.Appointment": frozenset({"public_id", "key", "meeting_url"}),
    "attributes.Attribute": frozenset({"public_id", "name", "key", "choices", "help_text"}),
    "workflows.StepRun": frozenset({"step_key", "trigger", "when", "action", "settings", "channel"}),
    "links.EmailProof": frozenset({"public_id"}),
    "links.OpeningAlert": frozenset({"token", "resources"}),
    "links.SignedLink": frozenset({"public_id", "resources", "ticket_kind", "made_by"}),
    "links.PublicPage": frozenset({"title", "text", "description", "translations"}),
    "links.PageEntry": frozenset({"text"}),
    "client_messages.Email": frozenset({"key", "subject_id", "kind", "message_id"}),
    "client_messages.Template": frozenset({"public_id", "name", "kind", "subject", "body", "translations"}),
    "connections.Connection": frozenset(
        {"public_id", "kind", "label", "version", "settings", "problem", "missing_rights", "left_out", "hooks_url"}
    ),
    "connections.Board": frozenset({"external_id", "name", "statuses"}),
    "connections.PresetStatus": frozenset({"status_id"}),
    "connections.Calendar": frozenset({"external_id", "name", "blocking_kinds", "problem"}),
    "connections.BusyPeriod": frozenset({"external_id"}),
    "connections.WatchedTicket": frozenset(
        {"kind", "external_id", "status_id", "status_name", "board_id", "board_name", "expected_status_id"}
    ),
    "connections.ExternalLink": frozenset({"kind", "subject", "external_id"}),
    "events.Event": frozenset({"kind", "subject", "member_id"}),
}
