"""What a client answered to a type's own questions."""

from __future__ import annotations

from django.utils.translation import gettext

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.catalog.models import Question
from slotdesk.domain.catalog.terms import FrozenTerms

# How a checkbox is kept, whatever language it was ticked in: staff read it, and workflows ask about it.
YES, NO = "Yes", "No"


def spoken_answers(appointment: Appointment) -> list[dict[str, str]]:
    """Return the answers with questions, choices, yes and no in the language that is spoken: key, label, value."""
    terms = FrozenTerms.model_validate(appointment.request.terms)
    questions = {question.key: question for question in terms.spoken_questions()}
    said = []
    for answer in appointment.answers:
        question, value = questions.get(answer["key"]), answer["value"]
        if question is None:
            said.append(answer)
            continue
        if question.kind == Question.Kind.CHECKBOX:
            value = {YES: gettext("Yes"), NO: gettext("No")}.get(value, value)
        said.append({**answer, "label": question.label, "value": question.option_texts.get(value, value)})
    return said
