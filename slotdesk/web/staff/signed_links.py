"""Links for one client or one ticket: made by staff, listed, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.booking.drafts import Client
from slotdesk.domain.booking.invitations import client_of
from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_contact, find_psa, search_contacts
from slotdesk.domain.links.booking import ContactRefused, NotOffered
from slotdesk.domain.links.finding import find_link
from slotdesk.domain.links.making import BadPeriod, Purpose, make_signed_link, revoke_signed_link
from slotdesk.domain.links.models import SignedLink
from slotdesk.domain.links.signed import State, address_of, links_of, list_signed, may_revoke, state_of
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Membership
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.ports import errors
from slotdesk.ports.psa import Contact
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, clock_of, render_page
from slotdesk.web.staff.signed_link_form import ClientLinkForm, SignedLinkForm
from slotdesk.web.staff.ticket_search import SILENT_PSA, NotThisTicket, chosen_ticket, search_context
from slotdesk.web.staff.type_links import Address, make_address

_PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """
    One link of the list.

    people    whom it asks; empty where somebody cannot be booked now
    address   None for one that books nothing any more, and where it leads nowhere now
    """

    signed: SignedLink
    state: State
    people: str
    address: Address | None
    can_revoke: bool


@require_GET
@staff(Permission.REQUESTS_CREATE)
def list_all(request: HttpRequest) -> HttpResponse:
    """`made` in the address: the one that was just made, which is shown first."""
    member, now = request.member, timezone.now()  # type: ignore[attr-defined]
    pages = Paginator(list_signed(member), _PAGE)
    shown = pages.get_page(request.GET.get("page"))
    rows = list(_rows(member, list(shown), now=now))
    made = request.GET.get("made", "")
    context = {
        "rows": rows,
        "page": shown,
        "page_range": pages.get_elided_page_range(shown.number),
        "made": next((row for row in rows if row.signed.public_id == made), None),
        "sees_others": may(member.role, Permission.REQUESTS_VIEW_ALL),
    }
    return render_page(request, "staff/signed_links/list.html", context, now=now)


@require_http_methods(["GET", "POST"])
@staff(Permission.REQUESTS_CREATE)
def create(request: HttpRequest) -> HttpResponse:
    """`for=ticket`: a ticket first, then the rest; otherwise for one client, whom the PSA can be searched for."""
    psa = find_psa()
    return _create_for_ticket(request, psa) if request.GET.get("for") == "ticket" else _create_for_client(request, psa)


@require_POST
@staff(Permission.REQUESTS_CANCEL_OWN)
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    signed = list_signed(member).filter(public_id=public_id).first()
    if signed is None:
        raise Http404
    if not may_revoke(member.role, signed, member=member):
        raise PermissionDenied
    revoke_signed_link(signed=signed, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("Taken back. Whoever opens the link is told so."))
    return redirect("staff:signed-links")


def _create_for_ticket(request: HttpRequest, psa: Connection | None) -> HttpResponse:
    kept = {"for": "ticket", **_kept(request)}
    try:
        ticket = chosen_ticket(request, psa)
    except NotThisTicket as error:
        ticket, found = None, search_context(request, psa, problem=str(error))
    else:
        found = search_context(request, psa) if ticket is None else {}
    context: dict[str, Any] = {"purpose": "ticket", "kept": kept, "ticket": ticket, **found}
    if ticket is None:
        return render_page(request, "staff/signed_links/new.html", context, now=timezone.now())
    form = SignedLinkForm(_data(request), clock=_clock(request), **_begin(request))
    if request.method == "POST" and form.is_valid():
        made = _make(request, form, Purpose(client_of(ticket), ticket))
        if made is not None:
            return _show(made)
    return _form_page(request, form, context)


def _create_for_client(request: HttpRequest, psa: Connection | None) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    contacts, problem = _search_contacts(psa, text)
    chosen = next((each for each in contacts if each.id == request.GET.get("contact")), None)
    begin = _begin(request)
    begin["initial"] |= _facts_of(chosen) if chosen else {}
    form = ClientLinkForm(_data(request), clock=_clock(request), **begin)
    context = {
        "purpose": "client",
        "kept": _kept(request),
        "psa": psa,
        "q": text,
        "contacts": [] if chosen else contacts,
        "chosen": chosen,
        "problem": problem,
    }
    if request.method == "POST" and form.is_valid():
        made = _make(request, form, Purpose(_contact_of(psa, form.client())))
        if made is not None:
            return _show(made)
    return _form_page(request, form, context)


def _search_contacts(psa: Connection | None, text: str) -> tuple[list[Contact], str]:
    """Those with an address, and what went wrong."""
    if psa is None or not text:
        return [], ""
    try:
        return [each for each in search_contacts(psa, text) if each.email], ""
    except errors.PortError:
        return [], str(SILENT_PSA)


def _contact_of(psa: Connection | None, client: Client) -> Client:
    """The client as the contact with this address; a PSA that cannot be asked now finds them when they book."""
    try:
        found = find_contact(psa, email=client.email, contact_id=client.contact_id) if psa else None
    except errors.PortError:
        found = None
    return replace(client, contact_id=found.id if found else "")


def _make(request: HttpRequest, form: SignedLinkForm, purpose: Purpose) -> SignedLink | None:
    """The link; None with the reason in the form."""
    member = request.member  # type: ignore[attr-defined]
    opens_at, expires_at = form.period()
    slugs = [each.slug for each in form.whom.resources()]
    link = find_link(member.account, slugs, form.cleaned_data["type"].slug)
    if link is None:
        form.add_error(
            None, gettext("They cannot be booked together with this type. Choose another type, or somebody else.")
        )
        return None
    try:
        return make_signed_link(
            link=link,
            purpose=purpose,
            opens_at=opens_at,
            expires_at=expires_at,
            maker=member,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except BadPeriod as error:
        form.add_error("expires_on", str(error))
    except NotOffered:
        form.add_error("type", gettext("Shareable URLs are off for this type."))
    except ContactRefused:
        form.add_error(
            "email", gettext("This type lets in clients whom the PSA knows, and it does not know this address.")
        )
    except errors.PortError:
        form.add_error(None, SILENT_PSA)
    return None


def _show(made: SignedLink) -> HttpResponse:
    return redirect(f"{reverse('staff:signed-links')}?{urlencode({'made': made.public_id})}")


def _form_page(request: HttpRequest, form: SignedLinkForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render_page(
        request, "staff/signed_links/new.html", context | {"form": form}, now=timezone.now(), status=status
    )


def _begin(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: the type of the address, and whoever fills it in, if they can be booked."""
    member = request.member  # type: ignore[attr-defined]
    own = Agent.objects.filter(membership=member, is_active=True, is_schedulable=True).first()
    return {"initial": {"type": request.GET.get("type")}, "chosen": [own.public_id] if own else []}


def _facts_of(contact: Contact) -> dict[str, str]:
    company = contact.company.name if contact.company else ""
    return {"name": contact.name, "email": contact.email, "company": company, "contact_id": contact.id}


def _rows(member: Membership, links: list[SignedLink], *, now: datetime) -> Iterator[Row]:
    leads = links_of(links)
    for signed in links:
        state, link = state_of(signed, now=now), leads.get(signed.pk)
        is_alive = state in (State.OPEN, State.EARLY)
        kind = signed.appointment_type
        yield Row(
            signed=signed,
            state=state,
            people=_say(link.resources) if link else "",
            address=make_address(kind, gettext("Link"), address_of(signed, link)) if link and is_alive else None,
            can_revoke=is_alive and may_revoke(member.role, signed, member=member),
        )


def _say(resources: Iterable[object]) -> str:
    return ", ".join(str(each) for each in resources)


def _kept(request: HttpRequest) -> dict[str, str]:
    return {"type": request.GET["type"]} if request.GET.get("type") else {}


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _clock(request: HttpRequest) -> Any:
    return clock_of(request.member, now=timezone.now())  # type: ignore[attr-defined]
