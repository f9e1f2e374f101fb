"""Two people save the same e-mail template at one moment: one of them is told, and nothing is overwritten unseen."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.editing import ChangedMeanwhile, save_template
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.variables import VARIABLES
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


class TestSaveTemplate:
    def test_lets_one_of_those_through_who_save_at_once(self) -> None:
        account = make_account()
        with active(account):
            made = Template.objects.create(
                account=account, name="Ours", kind="reminder", subject="Hi", body="<p>Hi</p>"
            )
        start = threading.Barrier(MANY)

        def save(number: int) -> str:
            try:
                with active(account):
                    mine = Template.objects.get(pk=made.pk)
                    mine.body = f"<p>{number}</p>"
                    start.wait(timeout=30)
                    save_template(template=mine, variables=VARIABLES, actor=str(number), now=NOW)
                    return mine.body
            except ChangedMeanwhile:
                return ""
            finally:
                connections.close_all()

        with ThreadPoolExecutor(MANY) as pool:
            saved = [body for body in pool.map(save, range(MANY)) if body]

        with active(account):
            stored = Template.objects.get(pk=made.pk)
            assert saved == [stored.body]
            assert stored.version == 2
            assert Event.objects.filter(kind="email_template.changed").count() == 1
