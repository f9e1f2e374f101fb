"""Every field that could hold something about a client was looked at."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from slotdesk.domain.privacy.classified import APPS_WITHOUT_CLIENTS, CLIENT_DATA, WITHOUT_CLIENT_DATA
from slotdesk.domain.privacy.models import Retention

_CAN_HOLD_WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.GenericIPAddressField,
    models.BinaryField,
    models.FileField,
    ArrayField,
)


def wordy_fields() -> Iterator[tuple[str, str]]:
    """Every field that people or vendors can put words into, in the apps that deal with clients."""
    for model in apps.get_models():
        options = model._meta
        if not model.__module__.startswith("slotdesk.") or options.app_label in APPS_WITHOUT_CLIENTS:
            continue
        for field in options.concrete_fields:
            if isinstance(field, _CAN_HOLD_WORDS) and not field.choices:
                yield options.label, field.name


class TestEveryField:
    def test_is_classified_before_it_holds_anything(self) -> None:
        known = {(kept.table, field) for kept in CLIENT_DATA for field in kept.fields}
        known |= {(table, field) for table, fields in WITHOUT_CLIENT_DATA.items() for field in fields}

        missing = set(wordy_fields()) - known

        assert missing == set(), "Say in domain/privacy/classified.py whether it holds something about clients."

    def test_that_is_classified_is_there_and_only_once(self) -> None:
        with_data = [(kept.table, field) for kept in CLIENT_DATA for field in kept.fields]
        without = [(table, field) for table, fields in WITHOUT_CLIENT_DATA.items() for field in fields]
        listed = with_data + without

        assert len(listed) == len(set(listed))
        for table, field in listed:
            apps.get_model(table)._meta.get_field(field)

    def test_has_a_period_that_people_can_set(self) -> None:
        for kept in CLIENT_DATA:
            Retention._meta.get_field(kept.period)
