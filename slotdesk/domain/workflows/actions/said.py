"""What clients said, for the ticket."""

from __future__ import annotations

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.catalog.terms import FrozenTerms


def answers_for_ticket(appointment: Appointment) -> list[str]:
    """A line for each answer to a question that the request wants on its ticket."""
    questions = FrozenTerms.model_validate(appointment.request.terms).questions
    wanted = {question.key for question in questions if question.is_written_to_ticket}
    return [f"{answer['label']}: {answer['value']}" for answer in appointment.answers if answer["key"] in wanted]
