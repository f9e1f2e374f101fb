"""Making, changing and deleting the account's own templates. Each is told in the audit trail."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from slotdesk.domain.catalog.models import AppointmentType
from slotdesk.domain.events.changes import changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.events.own_texts import put_translation
from slotdesk.domain.messages.checking import Problem, find_problems
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.variables import Variable
from slotdesk.domain.tenants.models import Account

_NOT_TOLD = ("version",)
_TEMPLATE_ID = re.compile(r"tmpl_\w+")


class Unusable(ValueError):
    """The texts cannot be sent; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class NameTaken(Exception):
    """Another template of the account has this name."""


class ChangedMeanwhile(Exception):
    """Somebody else saved the template after it was read; `stored` is what stands now."""

    def __init__(self, stored: Template) -> None:
        super().__init__(stored.version)
        self.stored = stored


class InUse(Exception):
    """Appointment types send it; `names` says which."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def save_template(*, template: Template, variables: Iterable[Variable], actor: str, now: datetime) -> None:
    """
    Make a template, or change its name and texts. Its kind stays as it was made, since types go by it.

    template    with `version` as it was read; afterwards as it is stored
    variables   what templates of the account may use
    Raises Unusable, NameTaken, ChangedMeanwhile (of two who save at once, the later one), Template.DoesNotExist.
    """
    kind = Kind(template.kind)
    if problems := find_problems(kind, subject=template.subject, body=template.body, variables=variables):
        raise Unusable(problems)
    try:
        with transaction.atomic(durable=True):
            _save(template, actor, now)
    except IntegrityError as error:
        if "template_name_once" in str(error):
            raise NameTaken(template.name) from error
        raise


def _save(template: Template, actor: str, now: datetime) -> None:
    before = None
    if template.pk is not None:
        stored = Template.objects.select_for_update(no_key=True).get(pk=template.pk)
        if stored.version != template.version:
            raise ChangedMeanwhile(stored)
        before, template.kind = values_of(stored, without=_NOT_TOLD), stored.kind
        template.translations = stored.translations
    changes = changes_between(before, values_of(template, without=_NOT_TOLD))
    if not changes:
        return
    template.version += before is not None
    template.save()
    record(
        account=template.account,
        kind="email_template.created" if before is None else "email_template.changed",
        subject=template.public_id,
        now=now,
        actor=actor,
        changes=changes,
    )


def translate_template(
    *,
    template: Template,
    language: str,
    texts: Mapping[str, str],
    variables: Iterable[Variable],
    actor: str,
    now: datetime,
) -> None:
    """
    Store subject and body in one language; an empty one is sent as the original says it.

    Raises Unusable.
    """
    kind, subject, body = Kind(template.kind), texts.get("subject", ""), texts.get("body", "")
    if problems := find_problems(kind, subject=subject, body=body, variables=variables):
        raise Unusable(problems)
    with transaction.atomic(durable=True):
        changes = put_translation(template, language, texts)
        if changes:
            record(
                account=template.account,
                kind="email_template.changed",
                subject=template.public_id,
                now=now,
                actor=actor,
                changes=changes,
            )


@transaction.atomic(durable=True)
def delete_template(*, template: Template, actor: str, now: datetime) -> None:
    """
    Delete a template that no type sends. Requests that were made while a type sent it get the built-in e-mail.

    Raises InUse.
    """
    Template.objects.select_for_update().get(pk=template.pk)
    if using := list_using(template):
        raise InUse([str(item) for item in using])
    record(
        account=template.account,
        kind="email_template.deleted",
        subject=template.public_id,
        now=now,
        actor=actor,
        changes={field: (value, None) for field, value in values_of(template, without=_NOT_TOLD).items()},
    )
    template.delete()


def list_using(template: Template) -> list[AppointmentType]:
    """The types that send it, archived ones too since they can come back, in the order of the list of types."""
    return map_using(template.account)[template.public_id]


def map_using(account: Account) -> Mapping[str, list[AppointmentType]]:
    """Template id → the types that send it; of one that no type sends, an empty list."""
    using: dict[str, list[AppointmentType]] = defaultdict(list)
    for item in AppointmentType.objects.filter(account=account).order_by("position", "id"):
        for public_id in set(_TEMPLATE_ID.findall(_said_of_templates(item))):
            using[public_id].append(item)
    return using


def _said_of_templates(appointment_type: AppointmentType) -> str:
    """All in which a type may name a template, wherever it stands there: the settings, or its workflow."""
    return json.dumps(
        [
            appointment_type.templates,
            appointment_type.reminders,
            appointment_type.appointment_reminders,
            appointment_type.workflow,
        ]
    )
