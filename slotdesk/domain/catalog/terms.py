"""An appointment type's rules as they are frozen into a request, and as the engine takes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from slotdesk.availability.terms import Span, Terms, Unit
from slotdesk.domain.catalog.models import AppointmentType, Question
from slotdesk.domain.events.own_texts import in_spoken


class FrozenQuestion(BaseModel):
    """One question of the booking form; see catalog.models.Question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    label: str
    kind: str
    help_text: str = ""
    options: tuple[str, ...] = ()
    is_required: bool = False
    is_written_to_ticket: bool = True
    # Option → how it reads in the client's language, where it does otherwise; never kept.
    option_texts: dict[str, str] = Field(default={}, exclude=True)


class FrozenTerms(BaseModel):
    """Plain JSON: whole minutes, amounts with their unit. What older requests lack has the default given here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    duration_minutes: int
    increment_minutes: int
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    notice_amount: int = 0
    notice_unit: Unit = Unit.MINUTES
    window_amount: int = 0
    window_unit: Unit = Unit.DAYS
    daily_maximum: int = 0
    keeps_buffers_in_hours: bool = False
    moved_to: str = AppointmentType.MovedTo.ANYBODY.value
    clients_may_change: bool = False
    change_notice_minutes: int = 0
    writes_buffers: bool = False
    meeting: str = AppointmentType.Meeting.NONE.value
    meeting_url: str = ""
    redirect_url: str = ""
    asks_note: bool = True
    asks_guests: bool = False
    labels: dict[str, str] = {}
    questions: tuple[FrozenQuestion, ...] = ()
    translations: dict[str, dict[str, str]] = {}

    @property
    def change_notice(self) -> timedelta:
        """Until how long before the start the client may move or cancel, where they may; 0 = until it starts."""
        return timedelta(minutes=self.change_notice_minutes)

    def spoken_labels(self) -> dict[str, str]:
        """The type's own labels in the language that is spoken."""
        return {key: in_spoken(self.translations, f"label.{key}", text) for key, text in self.labels.items()}

    def spoken_questions(self) -> list[FrozenQuestion]:
        """The questions in the language that is spoken. Their keys and options are the same in all of them."""
        return [self._spoken(question) for question in self.questions]

    def _spoken(self, question: FrozenQuestion) -> FrozenQuestion:
        begin = f"question.{question.key}"
        return question.model_copy(
            update={
                "label": in_spoken(self.translations, f"{begin}.label", question.label),
                "help_text": in_spoken(self.translations, f"{begin}.help", question.help_text),
                "option_texts": {
                    option: in_spoken(self.translations, f"{begin}.option.{option}", option)
                    for option in question.options
                },
            }
        )

    def for_engine(self) -> Terms:
        """Return the engine's terms. Raises BadTerms."""
        return Terms(
            duration=timedelta(minutes=self.duration_minutes),
            increment=timedelta(minutes=self.increment_minutes),
            buffer_before=timedelta(minutes=self.buffer_before_minutes),
            buffer_after=timedelta(minutes=self.buffer_after_minutes),
            notice=Span(self.notice_amount, self.notice_unit),
            window=Span(self.window_amount, self.window_unit),
            daily_maximum=self.daily_maximum,
            keeps_buffers_in_hours=self.keeps_buffers_in_hours,
        )


def freeze_terms(
    appointment_type: AppointmentType,
    *,
    duration: timedelta | None = None,
    questions: Iterable[Question] | None = None,
) -> dict[str, Any]:
    """
    Return the type's rules as a request keeps them.

    duration    another one than the type's, for one request
    questions   others than the stored ones, such as those that are about to be
    Raises BadTerms.
    """
    if questions is None:
        questions = appointment_type.questions.order_by("position") if appointment_type.pk else ()
    minute = timedelta(minutes=1)
    frozen = FrozenTerms(
        duration_minutes=(duration or appointment_type.duration) // minute,
        increment_minutes=appointment_type.increment // minute,
        buffer_before_minutes=appointment_type.buffer_before // minute,
        buffer_after_minutes=appointment_type.buffer_after // minute,
        notice_amount=appointment_type.notice_amount,
        notice_unit=Unit(appointment_type.notice_unit),
        window_amount=appointment_type.window_amount,
        window_unit=Unit(appointment_type.window_unit),
        daily_maximum=appointment_type.daily_maximum,
        keeps_buffers_in_hours=appointment_type.keeps_buffers_in_hours,
        moved_to=appointment_type.moved_to,
        clients_may_change=appointment_type.clients_may_change,
        change_notice_minutes=appointment_type.change_notice // minute,
        writes_buffers=appointment_type.writes_buffers,
        meeting=appointment_type.meeting,
        meeting_url=appointment_type.meeting_url,
        redirect_url=appointment_type.redirect_url,
        asks_note=appointment_type.asks_note,
        asks_guests=appointment_type.asks_guests,
        labels=appointment_type.labels,
        questions=_frozen(questions),
        translations=appointment_type.translations,
    )
    frozen.for_engine()
    return frozen.model_dump(mode="json")


def _frozen(questions: Iterable[Question]) -> tuple[FrozenQuestion, ...]:
    return tuple(
        FrozenQuestion(
            key=question.key,
            label=question.label,
            kind=question.kind,
            help_text=question.help_text,
            options=tuple(question.options),
            is_required=question.is_required,
            is_written_to_ticket=question.is_written_to_ticket,
        )
        for question in questions
    )
