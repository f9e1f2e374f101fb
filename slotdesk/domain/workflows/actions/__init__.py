"""
What a workflow step can do. One module an action; each is found here by name.

An action may be killed at any moment and run again, so it does what it does by `ensure_` calls and stored keys. It runs
outside of any transaction. It first prepares, which only reads and is all that a dry run does, then acts: Done or
Skipped, and ports.errors for what went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

from slotdesk.domain.workflows.actions import (
    add_meeting,
    add_note,
    call_webhook,
    cancel_appointment,
    close_request,
    create_activity,
    create_or_match_contact,
    create_ticket,
    post_to_chat,
    send_email,
    send_own_email,
    set_ticket_owner,
    set_ticket_status,
    update_contact_phone,
    wait,
    write_entry,
)
from slotdesk.domain.workflows.actions.base import HERE, Action, Context, Done, NoSettings, Skipped, Will

WAIT = Action(pgettext_lazy("staff", "Wait"), HERE, wait.Settings, wait.prepare)
ACTIONS: Mapping[str, Action] = {
    "write_entry": Action(
        pgettext_lazy("staff", "Write the calendar entry"), "psa", NoSettings, write_entry.prepare, needs_person=True
    ),
    "add_note": Action(pgettext_lazy("staff", "Add a note to the ticket"), "psa", add_note.Settings, add_note.prepare),
    "set_ticket_status": Action(
        pgettext_lazy("staff", "Set the ticket's status"), "psa", set_ticket_status.Settings, set_ticket_status.prepare
    ),
    "create_or_match_contact": Action(
        pgettext_lazy("staff", "Find or create the contact"),
        "psa",
        create_or_match_contact.Settings,
        create_or_match_contact.prepare,
        find_again=create_or_match_contact.find_again,
    ),
    "create_ticket": Action(
        pgettext_lazy("staff", "Create a ticket"),
        "psa",
        create_ticket.Settings,
        create_ticket.prepare,
        find_again=create_ticket.find_again,
    ),
    "create_activity": Action(
        pgettext_lazy("staff", "Keep an activity or to-do"),
        "psa",
        create_activity.Settings,
        create_activity.prepare,
        needs_person=True,
    ),
    "set_ticket_owner": Action(
        pgettext_lazy("staff", "Give the ticket to who takes it"),
        "psa",
        NoSettings,
        set_ticket_owner.prepare,
        needs_person=True,
    ),
    "update_contact_phone": Action(
        pgettext_lazy("staff", "Update the contact's phone number"), "psa", NoSettings, update_contact_phone.prepare
    ),
    "send_email": Action(
        pgettext_lazy("staff", "Send an e-mail"),
        "mail",
        send_email.Settings,
        send_email.prepare,
        find_again=send_email.find_again,
    ),
    "send_own_email": Action(
        pgettext_lazy("staff", "Send an e-mail in your own words"),
        "mail",
        send_own_email.Settings,
        send_own_email.prepare,
        find_again=send_email.find_again,
    ),
    "add_meeting": Action(
        pgettext_lazy("staff", "Add the online meeting"),
        HERE,
        add_meeting.Settings,
        add_meeting.prepare,
        find_again=add_meeting.find_again,
    ),
    "post_to_chat": Action(
        pgettext_lazy("staff", "Post to Teams or Slack"),
        "web",
        post_to_chat.Settings,
        post_to_chat.prepare,
        target=post_to_chat.target,
    ),
    "call_webhook": Action(
        pgettext_lazy("staff", "Call a webhook"),
        "web",
        call_webhook.Settings,
        call_webhook.prepare,
        target=call_webhook.target,
    ),
    "wait": WAIT,
    "close_request": Action(
        pgettext_lazy("staff", "Close the request"),
        HERE,
        NoSettings,
        close_request.prepare,
        find_again=close_request.find_again,
    ),
    "cancel_appointment": Action(
        pgettext_lazy("staff", "Cancel the appointment"),
        HERE,
        cancel_appointment.Settings,
        cancel_appointment.prepare,
        find_again=cancel_appointment.find_again,
    ),
}


class UnknownAction(LookupError):
    """A workflow names an action that does not exist."""


def get_action(name: str) -> Action:
    """Raises UnknownAction."""
    try:
        return ACTIONS[name]
    except KeyError:
        raise UnknownAction(name) from None


__all__ = ["ACTIONS", "HERE", "WAIT", "Action", "Context", "Done", "Skipped", "UnknownAction", "Will", "get_action"]
