"""Changing appointment types, told in the audit trail. Requests that exist keep the rules they were made with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils.text import slugify

from slotdesk.domain.catalog.models import AppointmentType, Question, TypeResource
from slotdesk.domain.catalog.queries import list_types
from slotdesk.domain.catalog.terms import freeze_terms
from slotdesk.domain.events.changes import changes_between, values_of
from slotdesk.domain.events.operations import record
from slotdesk.domain.events.plain_words import in_plain_words
from slotdesk.domain.people.models import Agent, Team
from slotdesk.domain.people.slugs import free_slug
from slotdesk.domain.tenants.models import Account

MOST_QUESTIONS = 20
_MOST_KEY = 36


class SlugTaken(Exception):
    """Another appointment type of the account has this slug."""


def create_type(
    *, account: Account, internal_name: str, duration: timedelta, place: str, actor: str, now: datetime
) -> AppointmentType:
    """Make a type with what most firms choose for its place, behind the others, and return it."""
    made = AppointmentType(
        account=account,
        internal_name=internal_name,
        duration=duration,
        place=place,
        phone_rule=_PHONE_RULES[place],
        # On-site visits are planned around travel: those are moved by talking to each other.
        clients_may_change=place != AppointmentType.Place.ONSITE,
        reminders=[{"after_minutes": hours * 60, "template": ""} for hours in (24, 72)],
    )
    with transaction.atomic(durable=True):
        _lock_types(account)
        made.slug = free_slug(AppointmentType, account, internal_name)
        made.position = _last_position() + 1
        freeze_terms(made)
        made.save()
        _record_created(made, actor=actor, now=now)
    return made


_PHONE_RULES = {
    AppointmentType.Place.PHONE.value: AppointmentType.PhoneRule.REQUIRED,
    AppointmentType.Place.ONSITE.value: AppointmentType.PhoneRule.REQUIRED,
    AppointmentType.Place.REMOTE.value: AppointmentType.PhoneRule.OFF,
}


def save_type(
    *,
    appointment_type: AppointmentType,
    questions: Sequence[Question],
    resources: Collection[Agent | Team],
    actor: str,
    now: datetime,
) -> None:
    """
    Store a changed type with all that it asks and whom it may ask.

    questions   in their order; one whose key the type has already keeps it, others are given one made from the label
    resources   nobody = everybody may be asked
    Raises BadTerms when its rules contradict themselves, SlugTaken.
    """
    freeze_terms(appointment_type, questions=questions)
    try:
        with transaction.atomic(durable=True):
            stored = AppointmentType.objects.select_for_update().get(pk=appointment_type.pk)
            # Where it stands is said in the list, what Workflow Mode does and how it reads in other
            # languages on pages of their own, and not here.
            appointment_type.position, appointment_type.is_archived = stored.position, stored.is_archived
            appointment_type.workflow, appointment_type.translations = stored.workflow, stored.translations
            before = _values(stored)
            appointment_type.save()
            _put_questions(appointment_type, questions)
            _put_resources(appointment_type, resources)
            record(
                account=appointment_type.account,
                kind="appointment_type.changed",
                subject=appointment_type.public_id,
                now=now,
                actor=actor,
                changes=changes_between(before, _values(appointment_type)),
            )
    except IntegrityError as error:
        if "appointment_type_slug_once" in str(error):
            raise SlugTaken(appointment_type.slug) from error
        raise


def duplicate_type(*, appointment_type: AppointmentType, actor: str, now: datetime) -> AppointmentType:
    """Return a new type that is like this one, workflow, questions and people included, right behind it."""
    account = appointment_type.account
    with transaction.atomic(durable=True):
        _lock_types(account)
        copied = AppointmentType.objects.get(pk=appointment_type.pk)
        questions, resources = list(copied.questions.order_by("position")), list_resources(copied)
        blank = AppointmentType()
        copied.pk, copied.public_id, copied._state.adding = None, blank.public_id, True  # noqa: SLF001 — as Django says
        copied.internal_name = f"{copied.internal_name[:113]} (copy)"
        copied.slug = free_slug(AppointmentType, account, copied.internal_name)
        copied.is_archived = False
        copied.position = _last_position() + 1
        copied.save()
        _put_questions(copied, questions, keys={question.key for question in questions})
        _put_resources(copied, resources)
        _record_created(copied, actor=actor, now=now)
        if not appointment_type.is_archived:
            order = [each for each in list_types() if each.pk != copied.pk]
            _put_order(order, copied, order.index(appointment_type) + 1)
    return copied


def move_type(*, appointment_type: AppointmentType, place: int, actor: str, now: datetime) -> None:
    """
    Put a type in use at this place of the list, 0 = first; beyond the end = last. It is the panel's order as well.

    Where somebody else moves one at the same moment, they take turns. Staying where it is changes nothing.
    """
    with transaction.atomic(durable=True):
        _lock_types(appointment_type.account)
        order = list(list_types())
        if appointment_type not in order:
            return
        before = order.index(appointment_type)
        order.remove(appointment_type)
        after = min(max(place, 0), len(order))
        _put_order(order, appointment_type, after)
        if after != before:
            record(
                account=appointment_type.account,
                kind="appointment_type.moved",
                subject=appointment_type.public_id,
                now=now,
                actor=actor,
                changes={"place": (before + 1, after + 1)},
            )


@transaction.atomic(durable=True)
def archive_type(*, appointment_type: AppointmentType, is_archived: bool, actor: str, now: datetime) -> None:
    """Take a type out of use, or back into it. Open requests of it can be booked either way."""
    changed = AppointmentType.objects.filter(pk=appointment_type.pk, is_archived=not is_archived).update(
        is_archived=is_archived
    )
    if changed:
        verb = "archived" if is_archived else "restored"
        record(
            account=appointment_type.account,
            kind=f"appointment_type.{verb}",
            subject=appointment_type.public_id,
            now=now,
            actor=actor,
            changes={"is_archived": (not is_archived, is_archived)},
        )


def list_resources(appointment_type: AppointmentType) -> list[Agent | Team]:
    """Whom the type may ask; nobody = everybody."""
    named = appointment_type.resources.select_related("agent", "team").order_by("id")
    return [each for item in named if (each := item.agent or item.team) is not None]


def _lock_types(account: Account) -> None:
    """Whoever adds, copies or moves types of an account takes turns; places and address parts are given out once."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def _last_position() -> int:
    last: int | None = AppointmentType.objects.aggregate(last=Max("position"))["last"]
    return -1 if last is None else last


def _put_order(others: list[AppointmentType], moved: AppointmentType, place: int) -> None:
    others.insert(place, moved)
    changed = [each for position, each in enumerate(others) if each.position != position]
    for position, each in enumerate(others):
        each.position = position
    AppointmentType.objects.bulk_update(changed, ["position"])


def _put_questions(
    appointment_type: AppointmentType, questions: Sequence[Question], keys: Collection[str] | None = None
) -> None:
    """keys: those that questions may keep; the type's own unless said."""
    known = set(appointment_type.questions.values_list("key", flat=True)) if keys is None else set(keys)
    appointment_type.questions.all().delete()
    used: set[str] = set()
    rows = []
    for position, question in enumerate(questions):
        key = question.key if question.key in known and question.key not in used else ""
        key = key or _new_key(question.label, used | {each.key for each in questions if each.key in known})
        used.add(key)
        row = Question(appointment_type=appointment_type, position=position, key=key)
        for field in ("label", "help_text", "kind", "options", "is_required", "is_written_to_ticket"):
            setattr(row, field, getattr(question, field))
        rows.append(row)
    Question.objects.bulk_create(rows)


def _new_key(label: str, taken: Collection[str]) -> str:
    """A name for conditions and templates, which read small letters, digits and underscores."""
    base = slugify(label)[:_MOST_KEY].replace("-", "_").strip("_") or "question"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def _put_resources(appointment_type: AppointmentType, resources: Collection[Agent | Team]) -> None:
    appointment_type.resources.all().delete()
    TypeResource.objects.bulk_create(
        TypeResource(
            appointment_type=appointment_type,
            agent=each if isinstance(each, Agent) else None,
            team=each if isinstance(each, Team) else None,
        )
        for each in resources
    )


def _values(appointment_type: AppointmentType) -> dict[str, object]:
    questions = appointment_type.questions.order_by("position")
    return values_of(appointment_type) | {
        "questions": [_say_question(question) for question in questions],
        "resources": sorted(str(each) for each in list_resources(appointment_type)),
    }


def _say_question(question: Question) -> str:
    said = [in_plain_words(Question.Kind(question.kind).label).lower()]
    said += [", ".join(question.options)] if question.options else []
    said += ["required"] if question.is_required else []
    said += [] if question.is_written_to_ticket else ["not on the ticket"]
    help_text = f", “{question.help_text}”" if question.help_text else ""
    return f"{question.label} ({'; '.join(said)}){help_text}"


def _record_created(made: AppointmentType, *, actor: str, now: datetime) -> None:
    record(
        account=made.account,
        kind="appointment_type.created",
        subject=made.public_id,
        now=now,
        actor=actor,
        changes=changes_between(None, _values(made)),
    )


class InUse(Exception):
    """Requests were made with the type; it can be archived, and what was made from it stays readable."""


def delete_type(*, appointment_type: AppointmentType, actor: str, now: datetime) -> None:
    """Delete a type with which no request was ever made, for good. Raises InUse."""
    try:
        with transaction.atomic(durable=True):
            record(
                account=appointment_type.account,
                kind="appointment_type.deleted",
                subject=appointment_type.public_id,
                now=now,
                actor=actor,
                data={"name": appointment_type.internal_name},
            )
            # One that is made at this very moment holds its type; whoever is later loses.
            AppointmentType.objects.get(pk=appointment_type.pk).delete()
    except ProtectedError as error:
        raise InUse(appointment_type.internal_name) from error
