"""Reading the active account's attributes, and what is filled into them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from slotdesk.domain.attributes.models import Attribute, AttributeValue
from slotdesk.domain.attributes.values import TICKED, Kind
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.people.persons import Person

Subject = Attribute.Subject


@dataclass(frozen=True, slots=True)
class Filled:
    """An attribute with what one request or person has in it; empty = nothing."""

    attribute: Attribute
    value: str


def list_attributes(subject: Attribute.Subject | None = None) -> QuerySet[Attribute]:
    """Those in use, of one subject or of all, by name."""
    attributes = Attribute.objects.filter(archived_at=None).order_by("subject", "name", "id")
    return attributes.filter(subject=subject) if subject else attributes


def list_archived() -> QuerySet[Attribute]:
    return Attribute.objects.exclude(archived_at=None).order_by("subject", "name", "id")


def get_attribute(public_id: str) -> Attribute:
    """Raises Attribute.DoesNotExist."""
    return Attribute.objects.select_related("account").get(public_id=public_id)


def list_filled(owner: SchedulingRequest | Person) -> list[Filled]:
    """Every attribute of the request or person that is in use, and archived ones that hold something, by name."""
    values = values_of(owner)
    subject = Subject.REQUEST if isinstance(owner, SchedulingRequest) else Subject.PERSON
    kept = Q(archived_at=None) | Q(pk__in=list(values))
    attributes = Attribute.objects.filter(kept, subject=subject).order_by("name", "id")
    return [Filled(attribute, values.get(attribute.pk, "")) for attribute in attributes]


def values_of(owner: SchedulingRequest | Person) -> dict[int, str]:
    """What is filled in, by the attribute's row id. An agent's own values go before those of their sign-in."""
    rows = AttributeValue.objects.filter(rows_of(owner)).order_by("agent_id")  # NULL last
    values: dict[int, str] = {}
    for row in rows:
        values.setdefault(row.attribute_id, row.value)
    return values


def rows_of(owner: SchedulingRequest | Person) -> Q:
    """The value rows of a request, or of a person in either of their two places."""
    if isinstance(owner, SchedulingRequest):
        return Q(request=owner)
    rows = Q(pk__in=[])
    if owner.agent is not None:
        rows |= Q(agent=owner.agent)
    if owner.member is not None:
        rows |= Q(member=owner.member)
    return rows


def template_values(request: SchedulingRequest) -> dict[str, str | bool]:
    """
    Key → value, for e-mail templates: true or false for a checkbox, text for the others, dates as 2027-05-31.

    Archived attributes are among them, so that a template that names one goes on working.
    """
    values = values_of(request)
    found: dict[str, str | bool] = {}
    for attribute in Attribute.objects.filter(subject=Subject.REQUEST):
        value = values.get(attribute.pk, "")
        found[attribute.key] = value == TICKED if attribute.kind == Kind.CHECKBOX else value
    return found


def narrow_requests(
    requests: QuerySet[SchedulingRequest], attribute: Attribute, value: str
) -> QuerySet[SchedulingRequest]:
    """
    Keep the requests with this canonical value; of a text, those that contain it, in any case of its letters. Of a
    checkbox "no" keeps those where it is not ticked.
    """
    rows = AttributeValue.objects.filter(attribute=attribute, request=OuterRef("pk"))
    if attribute.kind == Kind.CHECKBOX and value == "no":
        return requests.filter(~Exists(rows))
    how = "value__icontains" if attribute.kind == Kind.TEXT else "value"
    return requests.filter(Exists(rows.filter(**{how: value})))
