"""What a step was told, as staff read it: choices by their labels, what is the PSA's by its name, no secret ever."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy
from pydantic.fields import FieldInfo

from slotdesk.domain.connections.models import Moment
from slotdesk.domain.connections.setting_words import title_of
from slotdesk.domain.messages.kinds import ABOUT, Kind
from slotdesk.domain.messages.queries import find_template
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.picks import KEPT, list_choices, list_statuses
from slotdesk.domain.workflows.sealed import is_sealed

_WORDS: Mapping[str, str | Promise] = {
    "client": pgettext_lazy("staff", "The client"),
    "agents": pgettext_lazy("staff", "Whoever takes the appointment"),
    "former_agents": pgettext_lazy("staff", "Whoever had it before"),
    "guests": pgettext_lazy("staff", "The guests"),
    "addresses": pgettext_lazy("staff", "Fixed addresses"),
    "internal": pgettext_lazy("staff", "Your people only"),
    "discussion": pgettext_lazy("staff", "The client as well"),
    "teams": "Microsoft Teams",
    "slack": "Slack",
    "minutes": pgettext_lazy("staff", "Minutes"),
    "hours": pgettext_lazy("staff", "Hours"),
    "days": pgettext_lazy("staff", "Days"),
    "generic": pgettext_lazy("staff", "Another chat"),
}
# What say_step has said of a step already.
_IN_TITLE = {
    "send_email": {"template", "to"},
    "send_own_email": {"to"},
    "set_ticket_status": {"moment"},
    "post_to_chat": {"service"},
    "wait": {"amount", "unit"},
}
_LONGEST = 120


def say_settings(action: str, settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """
    Return (title, value) of what a step is told besides its title, in the order of the editor.

    What is empty, or would be so anyway, says nothing.
    """
    if action not in ACTIONS:
        return []
    in_title = _IN_TITLE.get(action, set())
    return [
        (title_of(name, field), _shown(field, settings[name]))
        for name, field in ACTIONS[action].settings.model_fields.items()
        if name not in in_title and name in settings and not is_default(field, settings[name])
    ]


def is_default(field: FieldInfo, value: Any) -> bool:
    """Whether the setting is as it is when nothing is said of it."""
    default = None if field.is_required() else field.get_default()
    return value in ("", None, {}, []) or value == (default.value if isinstance(default, Enum) else default)


def choices_of(annotation: Any) -> list[tuple[str, str]] | None:
    """Value and label of an enumeration or of literals, also of several of them; None for what is typed freely."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [(str(each.value), _label(annotation, each)) for each in annotation]
    if get_origin(annotation) is Literal:
        return [(str(value), str(_WORDS.get(value, str(value).capitalize())) or "–") for value in get_args(annotation)]
    parts = [choices_of(part) for part in get_args(annotation)]
    if not parts or any(part is None for part in parts):
        return None
    joined = [choice for part in parts if part for choice in part]
    return sorted(joined, key=lambda choice: choice[0] != "")


def _label(enumeration: type[Enum], each: Enum) -> str:
    if enumeration is Kind:
        about = ABOUT[Kind(each.value)]
        return pgettext("staff", "%(kind)s – %(when)s") % {"kind": about.label, "when": about.when}
    if enumeration is Moment:
        return str(Moment(each.value).label)
    return str(_WORDS.get(str(each.value), str(getattr(each, "label", each.value)).replace("_", " ").capitalize()))


def _shown(field: FieldInfo, value: Any) -> str:
    extra = field.json_schema_extra
    widget, pick = (extra.get("widget"), extra.get("pick")) if isinstance(extra, dict) else (None, None)
    if widget == "secret" or (isinstance(value, str) and is_sealed(value)):
        return pgettext("staff", "(a secret)")
    if widget == "statuses" and isinstance(value, dict):
        return _by_board(value)
    if widget == "template":
        template = find_template(str(value))
        return template.name if template else pgettext("staff", "one that was deleted")
    choices = (list_choices(str(pick)) if pick in KEPT else choices_of(field.annotation)) or []
    text = dict(choices).get(str(value), str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _by_board(chosen: Mapping[str, str]) -> str:
    boards = {board: (name, dict(statuses)) for board, name, statuses in list_statuses()}
    said = []
    for board, status in sorted(chosen.items()):
        name, statuses = boards.get(board, (board, {}))
        said.append(f"{name}: {statuses.get(status, status)}")
    return ", ".join(said)
