"""Write an e-mail in words of the step's own, to whomever it names."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from slotdesk.domain.booking.guests import NotAnAddress, read_addresses
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.operations import send_email, write_email
from slotdesk.domain.messages.own_language import BadTemplate
from slotdesk.domain.messages.templates import render_own
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.domain.workflows.actions.recipients import CLIENT_SIDE, Whom, addresses_of
from slotdesk.domain.workflows.actions.send_email import key_of, reader_language, sent, values_for_reader
from slotdesk.domain.workflows.actions.wording import check_text
from slotdesk.lib.marks import gettext_noop
from slotdesk.ports import errors


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    to: Whom = Field(default=Whom.CLIENT, title=gettext_noop("To"))
    addresses: str = Field(
        default="",
        title=gettext_noop("Addresses"),
        description=gettext_noop("Where it goes to fixed addresses: with commas between them."),
        max_length=1000,
    )
    subject: str = Field(
        default="", title=gettext_noop("Subject"), max_length=500, min_length=1, json_schema_extra={"widget": "liquid"}
    )
    body: str = Field(
        default="",
        title=gettext_noop("Text"),
        description=gettext_noop("HTML and variables in {{ }}; it is put into the frame of your other e-mails."),
        max_length=100_000,
        min_length=1,
        json_schema_extra={"widget": "long liquid"},
    )

    @field_validator("subject", "body")
    @classmethod
    def _can_be_read(cls, text: str) -> str:
        return check_text(text)

    @model_validator(mode="after")
    def _names_addresses(self) -> Settings:
        if self.to == Whom.ADDRESSES:
            try:
                if not read_addresses(self.addresses):
                    raise ValueError(pgettext("staff", "Addresses: name at least one."))
            except NotAnAddress as error:
                raise ValueError(pgettext("staff", "Addresses: %(problem)s") % {"problem": error}) from error
        return self


def prepare(context: Context) -> Will | Skipped:
    told, request = Settings.model_validate(context.settings), context.request
    if request.is_silent and told.to in CLIENT_SIDE:
        return Skipped("The client is to get no e-mail.")
    to = addresses_of(context, told.to, told.addresses)
    if not to:
        return Skipped("There is no address to write to.")
    reader = Kind.CONFIRMATION if told.to in CLIENT_SIDE else Kind.BOOKED_NOTICE
    try:
        with translation.override(reader_language(context)):
            message = render_own(reader, values_for_reader(context), subject=told.subject, body=told.body)
    except BadTemplate as error:
        raise errors.Rejected(f"The e-mail’s text cannot be filled in: {error}") from error

    def do() -> Done:
        email = write_email(
            account=request.account,
            key=key_of(context),
            subject_id=request.public_id,
            kind="own",
            to=to,
            message=message,
            calendar="",
            now=context.now,
        )
        send_email(email, now=context.now)
        return sent(email, message.remark)

    return Will(f"Sends “{message.subject}” to {', '.join(to)}. {message.remark}".strip(), do, message)
