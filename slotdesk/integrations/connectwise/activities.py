"""Sales activities: made once, moved, and given to somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slotdesk.integrations.connectwise import crm, models
from slotdesk.integrations.connectwise.conditions import instant, number
from slotdesk.integrations.connectwise.references import reference_of
from slotdesk.integrations.connectwise.session import Session
from slotdesk.ports.errors import NotFound, Rejected

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose it is, when, and what it is called."""

    member_id: str
    starts_at: datetime
    ends_at: datetime
    title: str

    def values(self) -> dict[str, Any]:
        """As the vendor takes it."""
        return {
            "name": " ".join(self.title.split())[:_LONGEST_NAME],
            "assignTo": {"id": number(self.member_id)},
            "dateStart": instant(self.starts_at),
            "dateEnd": instant(self.ends_at),
        }

    def is_met_by(self, activity: models.Activity) -> bool:
        """The vendor keeps whole seconds."""
        period = (self.starts_at.replace(microsecond=0), self.ends_at.replace(microsecond=0))
        is_theirs = str(activity.assign_to.id) == self.member_id
        return is_theirs and (activity.date_start, activity.date_end) == period


def ensure_activity(
    session: Session, *, uid: str, known_id: str, wanted: Wanted, notes: str, references: Mapping[str, str]
) -> str:
    """
    Make the activity be as wanted, and return its id.

    references   the vendor's field → id; empty ones are left out
    One whose id is not known is looked for among the contact's activities, else the company's, else the member's, by
    the reference at the end of its notes.
    """
    mark = reference_of(uid)
    activity = _find_known(session, known_id, mark) or _find_marked(session, mark, wanted, references)
    values = wanted.values()
    if activity is None:
        named = {name: {"id": number(id_)} for name, id_ in references.items() if id_}
        activity = crm.create_activity(session, {**values, **named, "notes": f"{notes.rstrip()}\n\n{mark}".strip()})
    elif not wanted.is_met_by(activity) or activity.name != values["name"]:
        crm.change_activity(session, activity.id, values)
    kept = crm.get_activity(session, str(activity.id))
    if not wanted.is_met_by(kept):
        raise Rejected("ConnectWise took the activity, but keeps another time or member.")
    return str(kept.id)


def _find_known(session: Session, known_id: str, mark: str) -> models.Activity | None:
    """The activity of that id, if it is still there and still ours: the vendor may use ids again."""
    if not known_id:
        return None
    try:
        activity = crm.get_activity(session, known_id)
    except NotFound:
        return None
    return activity if _is_marked(activity, mark) else None


def _find_marked(session: Session, mark: str, wanted: Wanted, references: Mapping[str, str]) -> models.Activity | None:
    for field in ("contact", "company"):
        if references.get(field):
            found = crm.list_activities(session, field, references[field])
            return next((each for each in found if _is_marked(each, mark)), None)
    mine = crm.list_activities(session, "assignTo", wanted.member_id)
    return next((each for each in mine if _is_marked(each, mark)), None)


def _is_marked(activity: models.Activity, mark: str) -> bool:
    return activity.notes.rstrip().endswith(mark)
