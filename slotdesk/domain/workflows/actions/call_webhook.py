"""Tell another program what happened: JSON, signed as Standard Webhooks says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, Field, field_validator
from standardwebhooks import Webhook

from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.workflows.actions.base import Context, Done, Will
from slotdesk.domain.workflows.actions.calling import check_url, host_of, post
from slotdesk.domain.workflows.actions.wording import staff_url
from slotdesk.domain.workflows.sealed import is_sealed, unseal
from slotdesk.lib.marks import gettext_noop


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    url: str = Field(
        default="", title=gettext_noop("Address"), description=gettext_noop("Begins with https://."), max_length=500
    )
    secret: str = Field(
        default="",
        title=gettext_noop("Secret"),
        description=gettext_noop("whsec_… as the other side gave it, to sign with. Empty: not signed."),
        max_length=1000,
        json_schema_extra={"widget": "secret"},
    )

    @field_validator("url")
    @classmethod
    def _can_be_called(cls, url: str) -> str:
        return check_url(url)

    @field_validator("secret")
    @classmethod
    def _can_sign(cls, secret: str) -> str:
        if secret and not is_sealed(secret):
            try:
                Webhook(secret)
            except Exception as error:
                raise ValueError(pgettext("staff", "must be whsec_ and a base64 text.")) from error
        return secret


def target(settings: Mapping[str, Any]) -> str:
    return host_of(str(settings.get("url", "")))


def prepare(context: Context) -> Will:
    told = Settings.model_validate(context.settings)
    payload = _payload(context)

    def do() -> Done:
        content = json.dumps(payload, ensure_ascii=False)
        # The id stays the same however often it is tried, so that the other side knows a second call for what it is.
        number = f"step_{context.run.pk}"
        headers = {"webhook-id": number, "webhook-timestamp": str(int(context.now.timestamp()))}
        if told.secret:
            headers["webhook-signature"] = Webhook(unseal(told.secret)).sign(number, context.now, content)
        return Done(post(told.url, content, headers=headers))

    return Will(f"Tells {host_of(told.url)} of {payload['type']}.", do)


def _payload(context: Context) -> dict[str, Any]:
    """What the other side gets; it has no link with which a client's appointment can be changed."""
    request, appointment = context.request, context.appointment()
    return {
        "type": context.run.trigger,
        "timestamp": context.run.event.created_at.isoformat(),
        "data": {
            "request": {
                "id": request.public_id,
                "status": request.status,
                "origin": request.origin,
                "appointment_type": request.internal_name,
                "url": staff_url(context),
            },
            "client": {
                "name": request.client_name,
                "email": request.client_email,
                "phone": request.client_phone,
                "company": request.company_name,
            },
            "ticket": {"id": request.ticket_id, "number": request.ticket_number, "summary": request.ticket_summary}
            if request.ticket_id
            else None,
            "appointment": _appointment(appointment) if appointment else None,
            "people": [{"name": agent.name, "email": agent.email} for agent in context.agents()],
            "actor": context.run.event.actor,
        },
    }


def _appointment(appointment: Appointment) -> dict[str, Any]:
    return {
        "id": appointment.public_id,
        "starts_at": _utc(appointment.starts_at),
        "ends_at": _utc(appointment.ends_at),
        "zone": appointment.zone,
        "is_cancelled": appointment.is_cancelled,
        "note": appointment.note,
        "answers": appointment.answers,
        "meeting_url": appointment.meeting_url,
    }


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
