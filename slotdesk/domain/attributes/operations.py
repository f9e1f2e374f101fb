"""Making and changing attributes, and filling them in. Each is told in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import pgettext, pgettext_lazy

from slotdesk.domain.attributes.models import Attribute, AttributeValue
from slotdesk.domain.attributes.queries import Subject, list_attributes, rows_of, values_of
from slotdesk.domain.attributes.values import BadValue, Kind, canonical
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import lock_request
from slotdesk.domain.events.changes import Changes, changes_between
from slotdesk.domain.events.changes import values_of as columns_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.people.models import Agent
from slotdesk.domain.people.persons import Person
from slotdesk.domain.tenants.models import Membership

KEY_IN_WORDS = pgettext_lazy(
    "staff", "Small letters, digits and single underscores between them, beginning with a letter, such as site_code."
)
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# Liquid answers these itself, whatever a variable holds.
_LIQUIDS_OWN = frozenset({"size", "first", "last"})
_STAYS = ("subject", "kind", "key")
_MOST_CHOICES = 50


class BadKey(ValueError):
    """The key does not keep to KEY_IN_WORDS, or is a word of the template language."""


class KeyTaken(Exception):
    """Another attribute of the account has this key, maybe an archived one."""


class BadChoices(ValueError):
    """A choice has none, too many, or the same one twice; the text says which."""


class Fixed(Exception):
    """Key, kind and what an attribute is for stay as they were made: templates and values go by them."""


class BadValues(ValueError):
    """Some of the values cannot be filled in; `problems` says of which key why. Nothing was stored."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


def save_attribute(*, attribute: Attribute, actor: str, now: datetime) -> None:
    """
    Make an attribute, or change its name, help text and choices. Values that a choice is taken from keep it.

    Raises BadKey, BadChoices, KeyTaken, Fixed.
    """
    if not _KEY.fullmatch(attribute.key) or attribute.key in _LIQUIDS_OWN:
        raise BadKey(attribute.key)
    _check_choices(attribute)
    try:
        with transaction.atomic(durable=True):
            _save(attribute, actor, now)
    except IntegrityError as error:
        if "attribute_key_once" in str(error):
            raise KeyTaken(attribute.key) from error
        raise


def _save(attribute: Attribute, actor: str, now: datetime) -> None:
    before = None
    if attribute.pk is not None:
        stored = Attribute.objects.select_for_update(no_key=True).get(pk=attribute.pk)
        if any(getattr(stored, field) != getattr(attribute, field) for field in _STAYS):
            raise Fixed(stored.key)
        attribute.archived_at = stored.archived_at
        before = columns_of(stored)
    attribute.save()
    changes = changes_between(before, columns_of(attribute))
    if changes:
        record(
            account=attribute.account,
            kind="attribute.created" if before is None else "attribute.changed",
            subject=attribute.public_id,
            now=now,
            actor=actor,
            changes=changes,
        )


def _check_choices(attribute: Attribute) -> None:
    choices = attribute.choices
    if attribute.kind != Kind.CHOICE:
        if choices:
            raise BadChoices(pgettext("staff", "Only a choice has choices."))
        return
    if not choices or not all(choice.strip() for choice in choices):
        raise BadChoices(pgettext("staff", "Enter at least one choice, each on a line of its own."))
    if len(choices) > _MOST_CHOICES:
        raise BadChoices(
            pgettext("staff", "At most %(most)s choices; there are %(count)s.")
            % {"most": _MOST_CHOICES, "count": len(choices)}
        )
    twice = next((choice for choice in choices if choices.count(choice) > 1), None)
    if twice is not None:
        raise BadChoices(pgettext("staff", "“%(twice)s” is there twice.") % {"twice": twice})


@transaction.atomic(durable=True)
def archive_attribute(*, attribute: Attribute, actor: str, now: datetime) -> None:
    """Ask for it no longer. What was filled in stays, and templates that name it go on working."""
    if Attribute.objects.filter(pk=attribute.pk, archived_at=None).update(archived_at=now):
        account, subject = attribute.account, attribute.public_id
        record(account=account, kind="attribute.archived", subject=subject, now=now, actor=actor)


@transaction.atomic(durable=True)
def restore_attribute(*, attribute: Attribute, actor: str, now: datetime) -> None:
    """Ask for it again."""
    if Attribute.objects.filter(pk=attribute.pk).exclude(archived_at=None).update(archived_at=None):
        account, subject = attribute.account, attribute.public_id
        record(account=account, kind="attribute.restored", subject=subject, now=now, actor=actor)


@transaction.atomic(durable=True)
def fill_in_request(*, request: SchedulingRequest, values: Mapping[str, str], actor: str, now: datetime) -> None:
    """
    Fill these in, key → what was entered; empty takes a value out, and keys that are not named stay as they are.

    Raises BadValues.
    """
    lock_request(request)
    changes = _fill_in(request, Subject.REQUEST, values, {"request": request})
    if changes:
        account, subject = request.account, request.public_id
        record(
            account=account, kind="request.attributes_changed", subject=subject, now=now, actor=actor, changes=changes
        )


@transaction.atomic(durable=True)
def fill_in_person(*, person: Person, values: Mapping[str, str], actor: str, now: datetime) -> None:
    """The same for a person, in whichever of their two places it is kept. Raises BadValues."""
    place: dict[str, Model] = {}
    if person.member is not None:
        place = {"member": Membership.objects.select_for_update(no_key=True).get(pk=person.member.pk)}
    if person.agent is not None:
        place = {"agent": Agent.objects.select_for_update(no_key=True).get(pk=person.agent.pk)}
    changes = _fill_in(person, Subject.PERSON, values, place)
    if changes:
        account, subject = person.account, person.public_id
        record(
            account=account, kind="member.attributes_changed", subject=subject, now=now, actor=actor, changes=changes
        )


def _fill_in(
    owner: SchedulingRequest | Person, subject: Attribute.Subject, values: Mapping[str, str], place: Mapping[str, Model]
) -> Changes:
    """Store the values and return what changed, by key. `place` is the column, and the row, that they are kept at."""
    attributes = {attribute.key: attribute for attribute in list_attributes(subject)}
    stored, wanted, problems = values_of(owner), dict[str, str](), dict[str, str]()
    for key, entered in values.items():
        attribute = attributes.get(key)
        try:
            if attribute is None:
                raise BadValue(pgettext("staff", "There is no such attribute any more."))
            wanted[key] = canonical(attribute, entered, before=stored.get(attribute.pk, ""))
        except BadValue as problem:
            problems[key] = str(problem)
    if problems:
        raise BadValues(problems)
    changes: Changes = {}
    for key, value in wanted.items():
        attribute = attributes[key]
        before = stored.get(attribute.pk, "")
        if value == before:
            continue
        changes[key] = (before, value)
        AttributeValue.objects.filter(rows_of(owner), attribute=attribute).delete()
        if value:
            AttributeValue.objects.create(attribute=attribute, value=value, **place)
    return changes
