"""Give the appointment its online meeting, where it has none yet."""

from __future__ import annotations

from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, Field, field_validator

from slotdesk.domain.booking.meeting import add_meeting, meeting_url_of
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.lib.marks import gettext_noop


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(
        default="",
        title=gettext_noop("Link"),
        description=gettext_noop("Empty: what the appointment type says about online meetings."),
        max_length=500,
    )

    @field_validator("url")
    @classmethod
    def _is_secure(cls, url: str) -> str:
        if url and not url.startswith("https://"):
            raise ValueError(pgettext("staff", "begins with https://."))
        return url


def find_again(context: Context) -> Done | None:
    told, appointment = Settings.model_validate(context.settings), context.appointment()
    url = told.url or meeting_url_of(context.request, context.agents())
    return _added(url) if appointment is not None and url and appointment.meeting_url == url else None


def _added(url: str) -> Done:
    return Done(f"The meeting is held at {url}.", {"url": url})


def prepare(context: Context) -> Will | Skipped:
    told, appointment = Settings.model_validate(context.settings), context.appointment()
    if appointment is None or appointment.is_cancelled:
        return Skipped("There is no appointment that could have a meeting.")
    if appointment.meeting_url:
        return Skipped("The appointment has an online meeting already.")
    url = told.url or meeting_url_of(context.request, context.agents())
    if not url:
        return Skipped("The appointment type has no online meeting, and none of the people has a room of their own.")

    def do() -> Done:
        add_meeting(appointment=appointment, url=url)
        return _added(url)

    return Will(f"Has the meeting held at {url}.", do)
