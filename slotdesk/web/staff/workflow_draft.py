"""
The workflow as the editor's form holds it: what was typed, right or wrong, and what its buttons do to it.

Nothing of it is stored until it is saved, so the form carries all of it: the structure as one JSON text, over which the
fields on the page are laid. It works without JavaScript.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import QueryDict
from pydantic import BaseModel, ValidationError

from slotdesk.domain.catalog.workflow import MOST_MINUTES, TIMED, Condition, Operator, Trigger, Workflow
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.conditions import FAMILIES, WITHOUT_VALUES
from slotdesk.domain.workflows.sealed import seal
from slotdesk.domain.workflows.told import is_default

Draft = dict[str, Any]
UNITS = (("minutes", 1), ("hours", 60), ("days", 24 * 60))
# A hand-made post may hold anything; more than this is no workflow.
_LONGEST_DOCUMENT = 500_000


class BadDraft(ValueError):
    """The form does not hold a workflow, as after a page of an older version was left open."""


def draft_of(workflow: Workflow) -> Draft:
    return workflow.model_dump(mode="json")


def to_workflow(draft: Draft) -> Workflow:
    """Raises BadDraft."""
    try:
        return Workflow.model_validate(draft)
    except ValidationError as error:
        raise BadDraft(str(error)) from error


def read_draft(posted: QueryDict) -> Draft:
    """Return what the form says. Raises BadDraft."""
    text = posted.get("document", "")
    try:
        if len(text) > _LONGEST_DOCUMENT:
            raise BadDraft("too long")
        draft = draft_of(Workflow.model_validate_json(text))
    except ValidationError as error:
        raise BadDraft(str(error)) from error
    for number, branch in enumerate(draft["branches"]):
        if branch["trigger"] in {trigger.value for trigger in TIMED}:
            branch["minutes"] = _minutes(posted, f"b{number}", branch["minutes"])
        _read_conditions(posted, f"b{number}", branch)
        for step in branch["steps"]:
            _read_settings(posted, step)
            _read_conditions(posted, f"s-{step['key']}", step)
    return draft


def split_minutes(minutes: int) -> tuple[int, str]:
    """Return amount and unit, the largest that is whole."""
    for unit, size in reversed(UNITS):
        if minutes and minutes % size == 0:
            return minutes // size, unit
    return minutes, "minutes"


def _minutes(posted: QueryDict, prefix: str, stored: int) -> int:
    amount, unit = posted.get(f"{prefix}-amount"), posted.get(f"{prefix}-unit")
    if amount is None or unit not in dict(UNITS):
        return stored
    digits = amount.strip()
    return min(int(digits) * dict(UNITS)[unit], MOST_MINUTES) if digits.isascii() and digits.isdigit() else 0


def _read_conditions(posted: QueryDict, prefix: str, holder: Draft) -> None:
    for number, stored in enumerate(holder["when"]):
        name = f"{prefix}-c{number}"
        chosen = posted.get(f"{name}-field")
        if chosen is None:
            continue
        key = posted.get(f"{name}-key", "").strip()
        operator = posted.get(f"{name}-operator", stored["operator"])
        values = [value.strip() for value in posted.get(f"{name}-values", "").split(",") if value.strip()]
        picked = posted.get(f"{name}-choice", "")
        new = {
            "field": f"{chosen}.{key or '_'}" if chosen in FAMILIES else chosen,
            "operator": operator,
            "values": [] if operator in WITHOUT_VALUES else [picked] if picked else values,
        }
        try:
            holder["when"][number] = Condition.model_validate(new).model_dump(mode="json")
        except ValidationError as error:
            raise BadDraft(str(error)) from error


def _read_settings(posted: QueryDict, step: Draft) -> None:
    action = ACTIONS.get(step["action"])
    prefix = f"s-{step['key']}-"
    if action is None or f"{prefix}there" not in posted:
        return
    told: dict[str, Any] = {}
    for name in action.settings.model_fields:
        widget = widget_of(action.settings, name)
        if widget == "secret":
            typed = posted.get(prefix + name, "").strip()
            told[name] = _sealed(action.settings, name, typed) if typed else step["settings"].get(name, "")
        elif widget == "statuses":
            begins = f"{prefix}{name}:"
            told[name] = {
                key.removeprefix(begins): posted[key] for key in posted if key.startswith(begins) and posted[key]
            }
        elif widget == "checkbox":
            told[name] = prefix + name in posted
        else:
            typed = posted.get(prefix + name, "").replace("\r\n", "\n").strip()
            is_number = action.settings.model_fields[name].annotation is int and typed.isascii() and typed.isdigit()
            told[name] = int(typed[:6]) if is_number else typed
    # What says nothing is left out, so that a compiled workflow that nobody has changed stays equal to itself.
    fields = action.settings.model_fields
    step["settings"] = {
        name: value
        for name, value in told.items()
        if not is_default(fields[name], value) or (name in step["settings"] and step["settings"][name] == value)
    }


def _sealed(model: type[BaseModel], name: str, typed: str) -> str:
    """What is sealed cannot be looked at any more, so it is checked first; a wrong one stays as typed, and is told."""
    try:
        model.model_validate({name: typed})
    except ValidationError as error:
        if any(each["loc"][:1] == (name,) for each in error.errors()):
            return typed
    return seal(typed)


def widget_of(model: type[BaseModel], name: str) -> str:
    """Return how a setting is entered: what its model says, or by its type."""
    field = model.model_fields[name]
    extra = field.json_schema_extra
    if isinstance(extra, dict):
        if "pick" in extra:
            return f"pick {extra['pick']}"
        if "widget" in extra:
            return str(extra["widget"])
    return "checkbox" if field.annotation is bool else ""


def change(draft: Draft, op: str, posted: QueryDict) -> str:
    """Do to the draft what a button says, and return the id of the element to look at next, "" = none."""
    verb, _, rest = op.partition(":")
    places = rest.split(":")
    try:
        match verb:
            case "add-branch":
                return _add_branch(draft, Trigger(posted.get("new-trigger", "")))
            case "remove-branch":
                del draft["branches"][_index(places[0])]
                return "branches"
            case "up-branch" | "down-branch":
                return _move_branch(draft, _index(places[0]), -1 if verb == "up-branch" else 1)
            case "add-step":
                return _add_step(draft, _index(places[0]), posted.get(f"new-action-{places[0]}", ""))
            case "remove-step":
                branch, place = _find(draft, places[0])
                draft["branches"][branch]["steps"].pop(place)
                return f"branch-{branch}"
            case "up-step" | "down-step":
                branch, place = _find(draft, places[0])
                return _place(draft, places[0], branch, place + (-1 if verb == "up-step" else 1))
            case "place":
                return _place(draft, places[0], _index(places[1]), _index(places[2]))
            case "add-condition":
                holder, anchor = _holder(draft, places)
                holder["when"].append({"field": "company", "operator": Operator.IS.value, "values": []})
                return f"{anchor}-c{len(holder['when']) - 1}-field"
            case "refresh":
                return rest
            case "find-company":
                return f"{rest}-found"
            case "remove-condition":
                holder, anchor = _holder(draft, places)
                del holder["when"][_index(places[2])]
                return f"{anchor}-conditions"
    except (LookupError, ValueError) as error:
        raise BadDraft(op) from error
    return ""


def _index(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _add_branch(draft: Draft, trigger: Trigger) -> str:
    minutes = 24 * 60 if trigger in TIMED else 0
    draft["branches"].append({"trigger": trigger.value, "minutes": minutes, "when": [], "steps": []})
    return f"branch-{len(draft['branches']) - 1}"


def _move_branch(draft: Draft, place: int, by: int) -> str:
    branches = draft["branches"]
    target = max(0, min(place + by, len(branches) - 1))
    branches.insert(target, branches.pop(place))
    return f"branch-{target}"


def _add_step(draft: Draft, branch: int, action: str) -> str:
    if action not in ACTIONS:
        raise BadDraft(action)
    key = f"{action}.{secrets.token_hex(3)}"
    settings: dict[str, Any] = {}
    for name, field in ACTIONS[action].settings.model_fields.items():
        default = None if field.is_required() else field.get_default()
        if default not in (None, "", {}):
            settings[name] = default if isinstance(default, (int, bool)) else str(default)
    draft["branches"][branch]["steps"].append({"key": key, "action": action, "settings": settings, "when": []})
    return f"step-{key}"


def _place(draft: Draft, key: str, branch: int, place: int) -> str:
    """Put a step at this place of a branch, its own or another one."""
    here, index = _find(draft, key)
    target = draft["branches"][branch]["steps"]
    step = draft["branches"][here]["steps"].pop(index)
    target.insert(max(0, min(place, len(target))), step)
    return f"step-{key}"


def _find(draft: Draft, key: str) -> tuple[int, int]:
    for number, branch in enumerate(draft["branches"]):
        for place, step in enumerate(branch["steps"]):
            if step["key"] == key:
                return number, place
    raise LookupError(key)


def _holder(draft: Draft, places: list[str]) -> tuple[Draft, str]:
    """The branch ("b", number) or the step ("s", key) that conditions belong to, and how its fields are called."""
    if places[0] == "b":
        return draft["branches"][_index(places[1])], f"b{places[1]}"
    branch, place = _find(draft, places[1])
    return draft["branches"][branch]["steps"][place], f"s-{places[1]}"
