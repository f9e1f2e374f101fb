"""Every variable that editors offer is really given to e-mails, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.variables import VARIABLES
from slotdesk.domain.tenants.scope import active
from slotdesk.domain.workflows.actions.base import Context
from slotdesk.domain.workflows.actions.send_email import variables
from slotdesk.domain.workflows.models import StepRun
from tests.support.factories import NOW, make_account, make_agent, make_request, make_type

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def request_() -> Iterator[SchedulingRequest]:
    account = make_account()
    with active(account):
        yield make_request(make_type(account), [make_agent(account)])


def names(values: Mapping[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in values.items():
        found |= names(value, f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}"}
    return found


class TestVariables:
    def test_are_those_that_an_e_mail_is_given(self, request_: SchedulingRequest) -> None:
        run = StepRun(
            request=request_,
            event=Event(kind="request.created", data={}),
            settings={"template": Kind.INVITATION.value, "to": "client"},
        )

        given = variables(Context(run, NOW), zone="UTC")

        frame = given.pop("brand")
        assert frame["color"]
        assert names(given) == {variable.name for variable in VARIABLES}
