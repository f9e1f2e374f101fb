"""A client who has left something in every table that knows clients."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.attributes.operations import fill_in_request
from slotdesk.domain.booking.models import Appointment, Guest, SchedulingRequest
from slotdesk.domain.booking.operations import Answers, book_slot, cancel_appointment
from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.connections.models import BusyPeriod, Calendar, Connection, ExternalLink, InboundCall
from slotdesk.domain.events.models import Event
from slotdesk.domain.links.models import EmailProof, OpeningAlert, SignedLink
from slotdesk.domain.messages.models import Email
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.workflows.advance import advance
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import make_agent, make_request, make_type

_numbers = itertools.count(1)


def leave_traces(account: Account, *, now: datetime, mark: str, is_cancelled: bool) -> SchedulingRequest:
    """
    Return a request from that moment, booked for the following day, whose client's every field holds the mark.

    Its steps are done, its e-mail is sent, the PSA has called, and its calendar entry is in the mirror.
    """
    number, email = next(_numbers), f"{mark}@client.example"
    agent = Agent.objects.first() or make_agent(account, now=now)
    Calendar.objects.filter(agent=agent).update(synced_at=now)
    kind = AppointmentType.objects.first() or make_type(account, notice_amount=0, window_amount=0)
    client = {"name": f"{mark} name", "email": email, "phone": f"+1 {mark}", "company": f"{mark} Ltd"}
    request = make_request(kind, [agent], now=now, **client)
    SchedulingRequest.objects.filter(pk=request.pk).update(
        ticket_id=f"{mark}1",
        ticket_number=f"{mark}2",
        ticket_summary=f"{mark} printer",
        ticket_url=f"https://psa.example/{mark}",
        company_id=f"{mark}3",
        contact_id=f"{mark}4",
        campaign={"utm_source": mark},
    )
    request.refresh_from_db()
    starts_at = (now + timedelta(days=1)).replace(hour=14, minute=0, second=0, microsecond=0)
    while starts_at.isoweekday() > 5:
        starts_at += timedelta(days=1)
    starts_at += timedelta(minutes=30 * (number % 8))
    answers = Answers("America/New_York", f"{mark} name", f"+1 {mark}", f"{mark} note")
    appointment = book_slot(request=request, starts_at=starts_at, answers=answers, key=f"k{number}", now=now)
    Appointment.objects.filter(pk=appointment.pk).update(
        answers=[{"key": "device", "label": "Which device?", "value": f"{mark} laptop"}]
    )
    Guest.objects.create(
        request=request, email=f"{mark}.guest@client.example", added_by=f"{mark} name (client)", added_at=now
    )
    request.refresh_from_db()
    if is_cancelled:
        cancel_appointment(request=request, actor=f"{mark} name (client)", reason=f"{mark} reason", now=now)
        request.refresh_from_db()
    Attribute.objects.get_or_create(account=account, key="site", subject="request", kind="text")
    fill_in_request(request=request, values={"site": f"{mark} site"}, actor="Jordan Doe", now=now)
    for event in Event.objects.filter(advanced_at=None):
        advance(event_id=event.pk, now=now)
    StepRun.objects.filter(request=request).update(state="done", outcome=f"Sent to {email}.", finished_at=now)
    _leave_at_others(account, request, appointment, agent, mark=mark, now=now)
    return request


def _leave_at_others(
    account: Account, request: SchedulingRequest, appointment: Appointment, agent: Agent, *, mark: str, now: datetime
) -> None:
    connection, calendar = Connection.objects.get(account=account), Calendar.objects.get(agent=agent)
    Email.objects.create(
        account=account,
        key=f"step:{request.pk}",
        subject_id=request.public_id,
        kind="confirmation",
        to=[f"{mark}@client.example"],
        subject=f"{mark} subject",
        text=f"{mark} text",
        html=f"<p>{mark}</p>",
        calendar=f"{mark} calendar",
        message_id=f"<{request.pk}@slotdesk>",
        created_at=now,
        sent_at=now,
    )
    EmailProof.objects.create(
        account=account,
        email=f"{mark}@client.example",
        ticket_number=f"{mark}2",
        ticket={"name": f"{mark} name"},
        state="proved",
        created_at=now,
        expires_at=now + timedelta(minutes=20),
    )
    OpeningAlert.objects.create(
        account=account,
        about=f"{request.public_id}:{mark}2",
        appointment_type=request.appointment_type,
        ticket_number=f"{mark}2",
        campaign={"utm_source": mark},
        email=f"{mark}@client.example",
        zone="America/New_York",
        language="en",
        asked_at=now,
        check_at=now,
    )
    SignedLink.objects.create(
        account=account,
        appointment_type=request.appointment_type,
        resources=[agent.public_id],
        ticket_id=f"{mark}1",
        ticket_number=f"{mark}2",
        ticket_summary=f"{mark} printer",
        name=f"{mark} name",
        email=f"{mark}@client.example",
        company=f"{mark} Ltd",
        contact_id=f"{mark}4",
        expires_at=now + timedelta(days=1),
        made_by=agent.name,
        made_at=now,
    )
    InboundCall.objects.create(
        connection=connection,
        body=f'{{"email": "{mark}@client.example"}}',
        changes=[{"kind": mark}],
        received_at=now,
        handled_at=now,
    )
    ExternalLink.objects.create(
        connection=connection,
        kind="entry",
        subject=f"{appointment.public_id}:{agent.public_id}",
        external_id=f"entry-{request.pk}",
    )
    BusyPeriod.objects.create(
        calendar=calendar,
        external_id=f"entry-{request.pk}",
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        kind="busy",
        title=f"{mark} printer",
    )
