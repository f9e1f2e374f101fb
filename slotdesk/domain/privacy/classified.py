"""
Where clients' data are, field by field: the one list that the privacy page, export and erasure go by.

A test walks all tables and fails for a field that is neither here nor among those that hold none.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


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
    title: Promise
    fields: dict[str, Promise]
    period: str
    ending: Promise


CLIENT_DATA = (
    Kept(
        "booking.SchedulingRequest",
        pgettext_lazy("staff", "Requests"),
        {
            "client_name": pgettext_lazy("staff", "name"),
            "client_email": pgettext_lazy("staff", "e-mail address"),
            "client_phone": pgettext_lazy("staff", "phone number"),
            "company_name": pgettext_lazy("staff", "company"),
            "language": pgettext_lazy("staff", "the language that they read"),
            "company_id": pgettext_lazy("staff", "the company’s number in the PSA"),
            "contact_id": pgettext_lazy("staff", "the contact’s number in the PSA"),
            "ticket_id": pgettext_lazy("staff", "the ticket’s number in the PSA"),
            "ticket_number": pgettext_lazy("staff", "ticket number"),
            "ticket_summary": pgettext_lazy("staff", "the ticket’s subject"),
            "ticket_url": pgettext_lazy("staff", "the ticket’s address"),
            "campaign": pgettext_lazy("staff", "what the link that they followed said of where they came from"),
        },
        "request_days",
        pgettext_lazy("staff", "emptied; type, people, times and outcome stay for statistics. The link dies."),
    ),
    Kept(
        "booking.Appointment",
        pgettext_lazy("staff", "Appointments"),
        {
            "note": pgettext_lazy("staff", "what the client wrote"),
            "answers": pgettext_lazy("staff", "what they answered to your questions"),
            "zone": pgettext_lazy("staff", "the time zone they looked at"),
            "wall_start": pgettext_lazy("staff", "the start as they read it on its clock"),
        },
        "request_days",
        pgettext_lazy(
            "staff",
            "note and answers are emptied with their request; zone and start become those of the account’s clock.",
        ),
    ),
    Kept(
        "booking.Guest",
        pgettext_lazy("staff", "Guests of appointments"),
        {"email": pgettext_lazy("staff", "e-mail address"), "added_by": pgettext_lazy("staff", "who named them")},
        "request_days",
        pgettext_lazy("staff", "deleted with the request’s data."),
    ),
    Kept(
        "booking.Cancellation",
        pgettext_lazy("staff", "Cancellations"),
        {"by": pgettext_lazy("staff", "who cancelled"), "reason": pgettext_lazy("staff", "why, in their words")},
        "request_days",
        pgettext_lazy(
            "staff", "the reason is emptied with its request, and of a client it only stays that it was one."
        ),
    ),
    Kept(
        "attributes.AttributeValue",
        pgettext_lazy("staff", "Custom attributes of requests"),
        {"value": pgettext_lazy("staff", "what your people filled in")},
        "request_days",
        pgettext_lazy("staff", "deleted with the request’s data."),
    ),
    Kept(
        "workflows.StepRun",
        pgettext_lazy("staff", "What was done for a request"),
        {
            "outcome": pgettext_lazy("staff", "how it ended, such as the address a mail went to"),
            "result": pgettext_lazy("staff", "numbers of contact and ticket in the PSA"),
        },
        "request_days",
        pgettext_lazy("staff", "the words are removed with the request; what was done and when stays."),
    ),
    Kept(
        "client_messages.Email",
        pgettext_lazy("staff", "E-mails to clients and about them"),
        {
            "to": pgettext_lazy("staff", "addresses"),
            "subject": pgettext_lazy("staff", "subject"),
            "text": pgettext_lazy("staff", "text"),
            "html": pgettext_lazy("staff", "text with its look"),
            "calendar": pgettext_lazy("staff", "the invitation for the calendar"),
        },
        "email_days",
        pgettext_lazy("staff", "deleted; also before, when the client’s request is emptied."),
    ),
    Kept(
        "links.EmailProof",
        pgettext_lazy("staff", "Codes sent to visitors of links"),
        {
            "email": pgettext_lazy("staff", "e-mail address"),
            "ticket_number": pgettext_lazy("staff", "the ticket that it was for"),
            "ticket": pgettext_lazy("staff", "the ticket’s subject, the contact’s name and number in the PSA"),
            "language": pgettext_lazy("staff", "the language that they read"),
        },
        "email_days",
        pgettext_lazy("staff", "deleted."),
    ),
    Kept(
        "links.OpeningAlert",
        pgettext_lazy("staff", "Who wants to be told when a time opens"),
        {
            "email": pgettext_lazy("staff", "e-mail address"),
            "zone": pgettext_lazy("staff", "the time zone they looked at"),
            "language": pgettext_lazy("staff", "the language in which they read"),
            "ticket_number": pgettext_lazy("staff", "the ticket that it was for"),
            "about": pgettext_lazy("staff", "what they wait for, with that ticket"),
            "campaign": pgettext_lazy("staff", "what the link that they followed said of where they came from"),
        },
        "email_days",
        pgettext_lazy(
            "staff",
            "deleted; also before, when the client’s request is emptied. Nobody is waited for longer than 30 days.",
        ),
    ),
    Kept(
        "links.SignedLink",
        pgettext_lazy("staff", "Links made for one client or one ticket"),
        {
            "name": pgettext_lazy("staff", "name"),
            "email": pgettext_lazy("staff", "e-mail address"),
            "company": pgettext_lazy("staff", "company"),
            "contact_id": pgettext_lazy("staff", "the contact’s number in the PSA"),
            "ticket_id": pgettext_lazy("staff", "the ticket’s number in the PSA"),
            "ticket_number": pgettext_lazy("staff", "ticket number"),
            "ticket_summary": pgettext_lazy("staff", "the ticket’s subject"),
        },
        "request_days",
        pgettext_lazy("staff", "deleted, counted from the day on which it expires."),
    ),
    Kept(
        "connections.InboundCall",
        pgettext_lazy("staff", "Calls from your PSA"),
        {
            "body": pgettext_lazy("staff", "what it said, which may name clients"),
            "changes": pgettext_lazy("staff", "what of it mattered"),
        },
        "call_days",
        pgettext_lazy("staff", "deleted."),
    ),
    Kept(
        "connections.BusyPeriod",
        pgettext_lazy("staff", "Entries in your people’s calendars"),
        {"title": pgettext_lazy("staff", "title, which may name clients")},
        "request_days",
        pgettext_lazy(
            "staff", "deleted, counted from the entry’s end. Until then it follows the calendar it was read from."
        ),
    ),
    Kept(
        "events.Event",
        pgettext_lazy("staff", "History and audit log"),
        {
            "actor": pgettext_lazy("staff", "the client’s name where they booked, moved or cancelled"),
            "address": pgettext_lazy("staff", "network address"),
            "data": pgettext_lazy("staff", "reasons given"),
            "changes": pgettext_lazy("staff", "what an edit changed"),
        },
        "audit_days",
        pgettext_lazy("staff", "deleted; names and words of a client also before, when their request is emptied."),
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
