"""What may be done with a request in which status: every pair."""

from __future__ import annotations

import pytest

from slotdesk.domain.booking.queries import RequestClosed
from slotdesk.domain.booking.states import Act, BookedAlready, NotBooked, WasCancelled, WasClosed, is_due

Verdict = bool | type[RequestClosed]
WAITING: dict[Act, Verdict] = {
    Act.BOOK: True,
    Act.RESCHEDULE: NotBooked,
    Act.REASSIGN_APPOINTMENT: NotBooked,
    Act.REASSIGN_REQUEST: True,
    Act.CONFIRM_TIME: NotBooked,
    Act.CANCEL_REQUEST: True,
    Act.CANCEL_APPOINTMENT: NotBooked,
    Act.CLOSE: True,
    Act.CHANGE_CLIENT: True,
    Act.CHANGE_GUESTS: True,
}
CANCELLED: dict[Act, Verdict] = dict.fromkeys(Act, WasCancelled)
CLOSED: dict[Act, Verdict] = dict.fromkeys(Act, WasClosed)
TABLE: dict[str, dict[Act, Verdict]] = {
    "new": dict(WAITING),
    "sent": dict(WAITING),
    "scheduled": {
        Act.BOOK: BookedAlready,
        Act.RESCHEDULE: True,
        Act.REASSIGN_APPOINTMENT: True,
        Act.REASSIGN_REQUEST: BookedAlready,
        Act.CONFIRM_TIME: True,
        Act.CANCEL_REQUEST: BookedAlready,
        Act.CANCEL_APPOINTMENT: True,
        Act.CLOSE: BookedAlready,
        Act.CHANGE_CLIENT: BookedAlready,
        Act.CHANGE_GUESTS: True,
    },
    "cancelled": CANCELLED | {Act.CANCEL_REQUEST: False, Act.CANCEL_APPOINTMENT: False},
    "closed": CLOSED | {Act.CLOSE: False},
}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("status", TABLE)
class TestIsDue:
    def test_allows_or_refuses_by_name(self, status: str, act: Act) -> None:
        expected = TABLE[status][act]

        if isinstance(expected, bool):
            assert is_due(status, act) is expected
        else:
            with pytest.raises(expected) as refused:
                is_due(status, act)
            assert refused.value.status == status
