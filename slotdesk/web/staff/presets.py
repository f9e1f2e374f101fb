"""Preset statuses: which status a ticket takes at each moment, board by board."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from slotdesk.domain.connections.models import Board, Connection, Moment
from slotdesk.domain.connections.operations import UnknownStatus, set_presets
from slotdesk.domain.connections.queries import list_boards
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.sudo import sudo_to_change

# The select's name, its moment, and the id of the chosen status.
Cell = tuple[str, Moment, str]

GUIDE = (
    (Moment.CREATED, gettext_lazy("The client has been asked, such as “Schedule Sent”.")),
    (Moment.SCHEDULED, gettext_lazy("The client has picked a time, such as “Scheduled”.")),
    (Moment.CANCELLED, gettext_lazy("The appointment or the request is off, such as “Schedule Cancelled”.")),
    (Moment.NO_RESPONSE, gettext_lazy("The client did not answer in time, such as “No Response”.")),
)


@require_http_methods(["GET", "POST"])
@staff(Permission.INTEGRATIONS_VIEW)
@sudo_to_change
def edit(request: HttpRequest, kind: str) -> HttpResponse:
    connection = Connection.objects.select_related("account").filter(kind=kind).first()
    if connection is None:
        raise Http404
    can_edit = may(request.member.role, Permission.INTEGRATIONS_EDIT)  # type: ignore[attr-defined]
    boards = list(list_boards(connection))
    if request.method == "POST":
        if not can_edit:
            raise PermissionDenied
        if _save(request, connection, boards):
            return redirect("staff:psa-statuses", kind)
    context = {
        "connection": connection,
        "rows": [(board, list(_cells(board))) for board in boards],
        "guide": GUIDE,
        "gaps": list(_gaps(boards)),
        "bare_boards": [board for board in boards if not board.presets.all()],
        "can_edit": can_edit,
    }
    return render_page(request, "staff/connections/statuses.html", context, now=timezone.now())


def _save(request: HttpRequest, connection: Connection, boards: list[Board]) -> bool:
    choices = {
        (board.pk, moment.value): request.POST[name]
        for board in boards
        for name, moment, _chosen in _cells(board)
        if name in request.POST
    }
    try:
        set_presets(connection=connection, choices=choices, actor=actor_of(request), now=timezone.now())
    except UnknownStatus as error:
        messages.error(
            request,
            gettext("%(error)s It was removed in the PSA meanwhile; synchronise and choose again.") % {"error": error},
        )
        return False
    messages.success(
        request, gettext("The statuses are saved. They hold from the next step on, for open requests too.")
    )
    return True


def _gaps(boards: list[Board]) -> Iterator[tuple[Moment, list[Board]]]:
    """Moments that some boards have a status for, with the boards that were left out or have lost theirs."""
    for moment in Moment:
        lacking = [board for board in boards if not _has(board, moment)]
        if 0 < len(lacking) < len(boards):
            yield moment, lacking


def _has(board: Board, moment: Moment) -> bool:
    ids = {status["id"] for status in board.statuses}
    return any(preset.moment == moment and preset.status_id in ids for preset in board.presets.all())


def _cells(board: Board) -> Iterator[Cell]:
    chosen = {preset.moment: preset.status_id for preset in board.presets.all()}
    for moment in Moment:
        yield f"board-{board.pk}-{moment.value}", moment, chosen.get(moment.value, "")
