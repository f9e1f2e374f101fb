"""Post to a channel of Teams, Slack or another chat by its incoming webhook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from slotdesk.domain.messages.own_language import BadTemplate
from slotdesk.domain.workflows.actions.base import Context, Done, Skipped, Will
from slotdesk.domain.workflows.actions.calling import check_url, host_of, post
from slotdesk.domain.workflows.actions.wording import check_text, fill_in
from slotdesk.domain.workflows.sealed import is_sealed, unseal
from slotdesk.lib.marks import gettext_noop
from slotdesk.ports import errors

_NAMES = {"teams": "Teams", "slack": "Slack", "generic": "the chat"}
_LONGEST = 3000


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    service: Literal["teams", "slack", "generic"] = Field(
        default="teams",
        title=gettext_noop("Where"),
        description=gettext_noop("Another chat gets JSON with a field “text”."),
    )
    url: str = Field(
        default="",
        title=gettext_noop("Incoming webhook"),
        description=gettext_noop(
            "The address that the channel gave you. Whoever has it can post there, so it is kept encrypted."
        ),
        min_length=1,
        max_length=2000,
        json_schema_extra={"widget": "secret"},
    )
    text: str = Field(
        default="",
        title=gettext_noop("Message"),
        description=gettext_noop("With variables in {{ }}."),
        min_length=1,
        max_length=4000,
        json_schema_extra={"widget": "long liquid"},
    )

    @field_validator("url")
    @classmethod
    def _can_be_called(cls, url: str) -> str:
        return url if is_sealed(url) else check_url(url)

    @field_validator("text")
    @classmethod
    def _can_be_read(cls, text: str) -> str:
        return check_text(text)


def target(settings: Mapping[str, Any]) -> str:
    try:
        return host_of(unseal(str(settings.get("url", ""))))
    except errors.Rejected:  # it fails when it runs, and says so
        return ""


def prepare(context: Context) -> Will | Skipped:
    told = Settings.model_validate(context.settings)
    try:
        text = fill_in(told.text, context, escape=_escapes(told.service))[:_LONGEST]
    except BadTemplate as error:
        raise errors.Rejected(f"The message cannot be filled in: {error}") from error
    if not text:
        return Skipped("The message is empty.")
    name = _NAMES[told.service]

    def do() -> Done:
        return Done(f"Posted to {name}: {post(unseal(told.url), _body(told.service, text))}")

    return Will(f"Posts to {name}: “{text}”", do)


def _blocks(text: str) -> Iterator[dict[str, Any]]:
    """
    A block for each line: within one, Teams runs lines together.

    https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
    """
    follows = False
    for line in text.splitlines():
        if line.strip():
            block: dict[str, Any] = {"type": "TextBlock", "text": line, "wrap": True}
            yield block | ({"spacing": "None"} if follows else {})
        follows = bool(line.strip())


def _escapes(service: str) -> Any:
    """What clients write must neither call everybody in the channel nor look like somebody else's link."""
    if service == "slack":  # https://api.slack.com/reference/surfaces/formatting#escaping
        return lambda value: value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if service == "teams":
        return lambda value: value.replace("[", "\\[").replace("<", "&lt;")
    return str


def _body(service: str, text: str) -> dict[str, Any]:
    if service != "teams":
        return {"text": text}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": list(_blocks(text)),
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }
