"""Write the number that the client left back to their contact in the PSA."""

from __future__ import annotations

from slotdesk.domain.connections.registry import PATIENT, open_psa
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.lib.phones import read_number


def prepare(context: Context) -> Will | Skipped:
    psa, request = context.psa, context.request
    if psa is None:
        return Skipped("The request belongs to no PSA.")
    if not request.contact_id:
        return Skipped("The PSA has no contact for this client.")
    text = request.client_phone.strip()
    if not text:
        return Skipped("The client left no phone number.")
    number = read_number(text, country=request.account.country)
    if not number:
        return Skipped(f"“{text}” does not look like a phone number.")

    def do() -> Done:
        before = open_psa(psa, seconds=PATIENT).update_contact_phone(request.contact_id, number)
        if read_number(before, country=request.account.country) == number:
            return Done(f"The contact has the number {before} already.")
        return Done(f"{before} → {text}." if before else f"{text} was added.")

    return Will(f"Gives the contact of {request.client_name} the phone number {text}.", do)
