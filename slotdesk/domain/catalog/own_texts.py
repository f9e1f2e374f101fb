"""Which texts of an appointment type clients read, and their translations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import pgettext

from slotdesk.domain.catalog.labels import LABELS, MOST_LABEL
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.events.operations import record
from slotdesk.domain.events.own_texts import OwnText, put_translation


def texts_of_type(appointment_type: AppointmentType) -> list[OwnText]:
    """Return what the account wrote, in the order in which clients meet it. Our own labels are translated by us."""
    texts = [
        OwnText("name", pgettext("staff", "Name"), appointment_type.client_name, 120),
        OwnText("description", pgettext("staff", "Description"), appointment_type.description, 2000, is_long=True),
    ]
    texts += [
        OwnText(
            f"label.{key}",
            pgettext("staff", "Label “%(ours)s”") % {"ours": ours},
            appointment_type.labels[key],
            MOST_LABEL,
        )
        for key, ours in LABELS.items()
        if key in appointment_type.labels
    ]
    if appointment_type.pk:
        for question in appointment_type.questions.order_by("position"):
            texts += _texts_of_question(question)
    return [text for text in texts if text.original]


@transaction.atomic(durable=True)
def translate_type(
    *, appointment_type: AppointmentType, language: str, texts: Mapping[str, str], actor: str, now: datetime
) -> None:
    """Store the type's texts in one language. Requests that exist keep those that they were made with."""
    changes = put_translation(appointment_type, language, texts)
    if changes:
        record(
            account=appointment_type.account,
            kind="appointment_type.changed",
            subject=appointment_type.public_id,
            now=now,
            actor=actor,
            changes=changes,
        )


def _texts_of_question(question: Question) -> list[OwnText]:
    begin = f"question.{question.key}"
    return [
        OwnText(f"{begin}.label", pgettext("staff", "Question"), question.label, 160),
        OwnText(
            f"{begin}.help",
            pgettext("staff", "Hint below “%(label)s”") % {"label": question.label},
            question.help_text,
            250,
        ),
        *(
            OwnText(
                f"{begin}.option.{option}",
                pgettext("staff", "Choice of “%(label)s”") % {"label": question.label},
                option,
                120,
            )
            for option in question.options
        ),
    ]
