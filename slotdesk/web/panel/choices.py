"""What was chosen in the panel's form, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext

from slotdesk.availability.terms import Limits
from slotdesk.domain.booking.drafts import Client, Options
from slotdesk.domain.booking.guests import NotAnAddress, read_addresses
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.connections.queries import read_contacts
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.queries import list_schedulable_agents, list_schedulable_teams
from slotdesk.lib.phones import read_number
from slotdesk.ports.psa import Ticket
from slotdesk.web.panel.viewer import Viewer

_LONGEST = 24 * 60


class BadChoice(Exception):
    """The form names somebody or something that cannot be chosen; the message says what to do."""


def chosen_type(sent: QueryDict) -> AppointmentType:
    found = list_types().filter(public_id=sent.get("type", "")).first()
    if found is None:
        raise BadChoice(gettext("This appointment type is no longer in use. Reload the ticket and choose another."))
    return found


def chosen_resources(sent: QueryDict) -> list[Agent | Team]:
    """The people and teams that were chosen, in their order; places that were left empty do not count."""
    chosen = [public_id for public_id in sent.getlist("resource") if public_id]
    if not chosen:
        raise BadChoice(gettext("Choose who is to take the appointment."))
    if len(set(chosen)) < len(chosen):
        raise BadChoice(gettext("The same name is chosen twice. Choose somebody else, or take one away."))
    found: dict[str, Agent | Team] = {}
    for agent in list_schedulable_agents().filter(public_id__in=chosen):
        found[agent.public_id] = agent
    for team in list_schedulable_teams().filter(public_id__in=chosen):
        found[team.public_id] = team
    if len(found) < len(chosen):
        raise BadChoice(gettext("One of those chosen cannot be booked any more. Reload the ticket and choose again."))
    return [found[public_id] for public_id in chosen]


def chosen_options(sent: QueryDict, *, zone: str) -> Options:
    """What is different for this one request. zone: the viewer's clock, on which they entered dates and times."""
    try:
        guests = read_addresses(sent.get("guests", ""))
    except NotAnAddress as error:
        raise BadChoice(gettext("%(error)s Correct it under Guests.") % {"error": error}) from None
    return Options(
        duration=chosen_duration(sent),
        limits=_limits(sent, zone),
        guests=guests,
        is_silent="is_silent" in sent,
        language=_language(sent.get("language", "")),
    )


def _language(text: str) -> str:
    if text and text not in dict(settings.LANGUAGES):
        raise BadChoice(gettext("Choose a language that is in the list."))
    return text


def chosen_duration(sent: QueryDict) -> timedelta | None:
    """The length that was entered; None when it is the type's own."""
    text = sent.get("minutes", "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:5]) <= _LONGEST:
        raise BadChoice(gettext("Enter the length in whole minutes, such as 30."))
    return timedelta(minutes=int(text))


def chosen_client(sent: QueryDict, viewer: Viewer, ticket: Ticket) -> Client | None:
    """
    Another client than the ticket's contact: one of the company's contacts, or anybody with a name and an address.

    None where none is entered. Raises BadChoice, ports.errors.PortError.
    """
    name = " ".join(sent.get("client_name", "").split())[:160]
    email = sent.get("client_email", "").strip()
    if not name and not email:
        return None
    if not name:
        raise BadChoice(gettext("Enter the other client’s name, or empty their address."))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise BadChoice(
                gettext("“%(text)s” is not an e-mail address. Correct it under Another client.") % {"text": email[:80]}
            ) from None
    company = ticket.company
    phone, contact_id = "", ""
    if email and company is not None:
        # What the form says about the PSA's records is not believed: the contact is looked up.
        known = (each for each in read_contacts(viewer.connection, company_id=company.id, search=email))
        contact = next((each for each in known if each.email.lower() == email.lower()), None)
        if contact is not None:
            phone, contact_id = contact.phone, contact.id
    return Client(name=name, email=email, phone=phone, company=company.name if company else "", contact_id=contact_id)


def chosen_phone(sent: QueryDict, *, country: str) -> str:
    """The best contact number, in international form; empty where none is entered."""
    text = " ".join(sent.get("phone", "").split())
    number = read_number(text, country=country) if text else ""
    if text and not number:
        raise BadChoice(gettext("This does not look like a phone number. Add + and the country code."))
    return number


def _limits(sent: Mapping[str, str], zone: str) -> Limits | None:
    try:
        first_date, last_date = (_date(sent.get(name, "")) for name in ("earliest_date", "latest_date"))
        first_time, last_time = (_time(sent.get(name, "")) for name in ("earliest_time", "latest_time"))
    except ValueError:
        raise BadChoice(gettext("Enter dates and times under More options as your browser offers them.")) from None
    if first_date and last_date and last_date < first_date:
        raise BadChoice(gettext("The last day lies before the first one. Correct it under More options."))
    if first_time and last_time and last_time < first_time:
        raise BadChoice(gettext("The latest time lies before the earliest one. Correct it under More options."))
    if not any(each is not None for each in (first_date, last_date, first_time, last_time)):
        return None
    return Limits(zone, first_date, last_date, first_time, last_time)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str) -> time | None:
    return time.fromisoformat(text).replace(tzinfo=None) if text else None
