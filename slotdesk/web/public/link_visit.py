"""A visit by a public link: whom it asks for is in its address, and its request is a draft until a time is booked."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from slotdesk.domain.booking.asked import asked_of
from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.links.finding import Link
from slotdesk.web.language import PARAMETER, chosen_now
from slotdesk.web.public.forms import AnswersForm, sent
from slotdesk.web.public.visit import Addresses, Visit

_CAMPAIGN = "utm_"
_MOST_CAMPAIGN, _LONGEST = 10, 200


def visit_by_link(
    request: HttpRequest,
    link: Link,
    draft: SchedulingRequest,
    *,
    page: str,
    form_class: type[AnswersForm],
    carried: Mapping[str, str],
    number: str = "",
) -> Visit:
    """page: the name of the link's first address; the others are called after it."""
    names = (page, f"{page}_times", f"{page}_details", f"{page}_booking", f"{page}_opening")
    return Visit(
        draft,
        tuple(asked_of(link.resources)),
        Addresses(*(address_of(link, name, number=number) for name in names)),
        carried={**carried_from(request), **carried},
        form_class=form_class,
        is_lately=True,
    )


def address_of(link: Link, name: str, *, number: str = "") -> str:
    """The address of one of the link's pages, as short as the account's are."""
    parts = {
        "resources": ",".join(each.slug for each in link.resources),
        "type_slug": link.appointment_type.slug,
        **({"number": number} if number else {}),
        **({} if link.account.is_first else {"account": link.account.slug}),
    }
    return reverse(f"public:{name}", kwargs=parts)


def campaign_of(values: QueryDict) -> dict[str, str]:
    """What the address says of where the visitor comes from."""
    found = {name[:_LONGEST]: str(values[name])[:_LONGEST] for name in values if name.startswith(_CAMPAIGN)}
    return dict(list(found.items())[:_MOST_CAMPAIGN])


def carried_from(request: HttpRequest) -> dict[str, str]:
    """
    What goes along from page to page: the campaign, and the language that the address names, which in a frame of
    another website no cookie would remember.
    """
    chosen = chosen_now(request)
    return campaign_of(sent(request)) | ({PARAMETER: chosen} if chosen else {})
