"""Links for the ticket by which more than one appointment can be booked, and without a code."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from slotdesk.availability.wall_clock import day_bounds
from slotdesk.domain.booking.invitations import client_of
from slotdesk.domain.connections.queries import read_ticket
from slotdesk.domain.links.finding import Link, find_link
from slotdesk.domain.links.making import BadPeriod, Purpose, make_signed_link, revoke_signed_link
from slotdesk.domain.links.signed import address_of, list_signed_of_ticket, may_revoke
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.ports import errors
from slotdesk.web.panel.access import by_panel_token
from slotdesk.web.panel.box import say_day
from slotdesk.web.panel.choices import BadChoice, chosen_client, chosen_resources, chosen_type
from slotdesk.web.panel.requests import Notice, answer, read_ref, say_error
from slotdesk.web.panel.viewer import Viewer


@require_POST
@by_panel_token(Permission.REQUESTS_CREATE)
def create(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str) -> HttpResponse:
    """With the chosen type and people, until `until`."""
    ref, now = read_ref(kind, ticket_id), timezone.now()

    def refuse(text: str, status: int) -> HttpResponse:
        return answer(request, viewer, ref, Notice("is-bad", text), status)

    try:
        ticket = read_ticket(viewer.connection, ref)
        if ticket.is_closed:
            return refuse(gettext("This ticket is closed. Reopen it, then make a link."), 409)
        client = chosen_client(request.POST, viewer, ticket) or client_of(ticket)
        link, expires_at = _chosen_link(request, viewer), _end_of(request.POST.get("until", ""), viewer)
        made = make_signed_link(
            link=link,
            purpose=Purpose(client, ticket=ticket),
            opens_at=None,
            expires_at=expires_at,
            maker=viewer.membership,
            actor=viewer.name,
            now=now,
        )
    except (BadChoice, BadPeriod) as error:
        return refuse(str(error), 422)
    except errors.PortError as error:
        return refuse(say_error(error), 503)
    notice = Notice(
        "is-good",
        gettext("The link works until %(day)s. Nothing was sent.") % {"day": say_day(made.last_day, zone=viewer.zone)},
        address_of(made, link),
        link.appointment_type.client_name,
    )
    return answer(request, viewer, ref, notice, 201)


@require_POST
@by_panel_token(Permission.REQUESTS_CANCEL_OWN)
def revoke(request: HttpRequest, viewer: Viewer, kind: str, ticket_id: str, public_id: str) -> HttpResponse:
    ref, now = read_ref(kind, ticket_id), timezone.now()
    links = list_signed_of_ticket(ref, now=now)
    found = next((each for each in links if each.public_id == public_id), None)
    if found is None or not may_revoke(viewer.role, found, member=viewer.membership):
        raise Http404
    revoke_signed_link(signed=found, actor=viewer.name, now=now)
    return answer(request, viewer, ref, Notice("is-good", gettext("Taken back. Whoever opens the link is told so.")))


def _chosen_link(request: HttpRequest, viewer: Viewer) -> Link:
    """Raises BadChoice."""
    kind, resources = chosen_type(request.POST), chosen_resources(request.POST)
    link = find_link(viewer.connection.account, [each.slug for each in resources], kind.slug)
    if link is None:
        raise BadChoice(
            gettext("They cannot be booked together with this type, or it has no address part. Choose another.")
        )
    return link


def _end_of(text: str, viewer: Viewer) -> datetime:
    """When the day is over on the viewer's clock. Raises BadChoice."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadChoice(gettext("Say until when the link is to work.")) from None
    _starts, ends = day_bounds(viewer.zone, day, day)
    return datetime.fromtimestamp(ends, UTC)
