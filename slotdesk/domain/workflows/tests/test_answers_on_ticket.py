"""What a client answered, in the note on the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from slotdesk.domain.booking.operations import Answer, Answers, book_slot
from slotdesk.domain.booking.times import list_times
from slotdesk.domain.catalog.models import Question
from slotdesk.domain.workflows.advance import advance, list_left_behind
from slotdesk.domain.workflows.models import StepRun
from slotdesk.domain.workflows.operations import run_step
from tests.support.msp import Msp, connected_msp

pytestmark = pytest.mark.django_db


@pytest.fixture
def msp() -> Iterator[Msp]:
    with connected_msp() as msp:
        yield msp


def test_answers_are_noted_where_the_question_says_so(msp: Msp) -> None:
    Question.objects.create(appointment_type=msp.type, position=0, key="device", label="Which device?")
    Question.objects.create(
        appointment_type=msp.type, position=1, key="mood", label="Your mood?", is_written_to_ticket=False
    )
    request, now = msp.invite(msp.open_ticket()), timezone.now()
    said = (Answer("device", "Which device?", "A <b>laptop</b>"), Answer("mood", "Your mood?", "Private"))
    times = list_times(request, starts_at=now, ends_at=now + timedelta(days=10), client_zone="UTC", now=now)
    book_slot(
        request=request,
        starts_at=datetime.fromtimestamp(times.slots[3].start, UTC),
        answers=Answers("UTC", "Ana Ruiz", answers=said),
        key="first",
        now=now,
    )

    for event_id in list_left_behind(before=now + timedelta(days=1)):
        advance(event_id=event_id, now=now)
    for pk in StepRun.objects.filter(channel="psa").order_by("id").values_list("pk", flat=True):
        run_step(step_run_id=pk, clock=timezone.now)

    text = "\n".join(note["object"]["text"] for note in msp.effects("note.created"))
    assert "Which device?: A <b>laptop</b>" in text
    assert "Private" not in text
