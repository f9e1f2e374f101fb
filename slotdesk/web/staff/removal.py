"""Users → person → Remove from the account: what is open, what becomes of it, and then one run that does it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.people.members import LastAdministrator
from slotdesk.domain.people.persons import Person
from slotdesk.domain.removals.models import Item, Removal
from slotdesk.domain.removals.operations import (
    ChangedMeanwhile,
    NotToBeChosen,
    decide_again,
    plan_removal,
    start_removal,
)
from slotdesk.domain.removals.queries import find_latest, get_removal, list_open, list_teams_of, progress_of
from slotdesk.domain.tenants.grants import NotYoursToGive
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page
from slotdesk.web.staff.removal_form import Entered, list_takers, options_of, read, read_again, value_of
from slotdesk.web.staff.roles import NOT_YOURS
from slotdesk.web.staff.user_actions import LAST_ADMINISTRATOR, access_person
from slotdesk.web.sudo import sudo, sudo_to_change

_CHANGED = gettext_lazy("Something has come meanwhile that you have not decided about. Look at it below.")


@require_http_methods(["GET", "POST"])
@staff(Permission.USERS_DELETE)
@sudo_to_change
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """Step 1, what is open; with `?step=2`, what becomes of each. Sent, it is written down and nothing is done yet."""
    person, now = access_person(public_id), timezone.now()
    things = list_open(person, now=now)
    takers = list_takers(person)
    entered = _planned(person)
    if request.method == "POST":
        open_ids = {each.request.public_id: each.appointment is not None for each in things}
        entered = read(request.POST, open_ids=open_ids, takers=takers)
        if not entered.errors:
            try:
                planned = plan_removal(
                    person=person,
                    decisions=entered.decisions,
                    message=entered.message,
                    actor=actor_of(request),
                    now=now,
                )
            except ChangedMeanwhile:
                entered.errors["all"] = str(_CHANGED)
            else:
                return redirect("staff:user-removal-run", person.public_id, planned.public_id)
    context = {
        "person": person,
        "rows": [(each, entered.chosen.get(each.request.public_id, ""), _error(entered, each)) for each in things],
        "teams": list_teams_of(person),
        "groups": options_of(takers),
        "entered": entered,
        "latest": _latest_run(person),
    }
    is_second = bool(things) and (request.method == "POST" or request.GET.get("step") == "2")
    template = "staff/users/removal_choices.html" if is_second else "staff/users/removal_open.html"
    return render_page(request, template, context, now=now, status=422 if entered.errors else 200)


@require_GET
@staff(Permission.USERS_DELETE)
def show(request: HttpRequest, public_id: str, removal_id: str) -> HttpResponse:
    """Step 3, the summary; once it is confirmed, how far it is and what could not be done."""
    return render_page(request, "staff/users/removal_run.html", _run(public_id, removal_id), now=timezone.now())


@require_GET
@staff(Permission.USERS_DELETE)
def show_progress(request: HttpRequest, public_id: str, removal_id: str) -> HttpResponse:
    """The part of the page that changes while it runs."""
    return render_page(request, "staff/users/_removal_progress.html", _run(public_id, removal_id), now=timezone.now())


@require_POST
@staff(Permission.USERS_DELETE)
@sudo
def start(request: HttpRequest, public_id: str, removal_id: str) -> HttpResponse:
    person, removal = _access(public_id, removal_id)
    mine = request.member.role  # type: ignore[attr-defined]
    try:
        start_removal(removal=removal, by=mine, actor=actor_of(request), now=timezone.now())
    except LastAdministrator:
        messages.error(request, LAST_ADMINISTRATOR % {"name": person.name})
    except NotYoursToGive:
        messages.error(request, NOT_YOURS)
    except ChangedMeanwhile:
        messages.error(request, _CHANGED)
        return redirect("staff:user-removal", person.public_id)
    return redirect("staff:user-removal-run", person.public_id, removal.public_id)


@require_POST
@staff(Permission.USERS_DELETE)
@sudo
def try_again(request: HttpRequest, public_id: str, removal_id: str) -> HttpResponse:
    """Another choice, or the same once more, for what was not done or left."""
    person, removal = _access(public_id, removal_id)
    open_ids = [item.request.public_id for item in removal.items.all() if _is_open_again(item)]
    decisions = read_again(request.POST, open_ids=open_ids, takers=list_takers(person))
    try:
        if decisions:
            decide_again(removal=removal, decisions=decisions, actor=actor_of(request), now=timezone.now())
        else:
            messages.error(request, gettext("Choose for at least one of them what becomes of it."))
    except NotToBeChosen:
        messages.error(
            request, gettext("It changed while you were looking: see below how it stands, then decide again.")
        )
    return redirect("staff:user-removal-run", person.public_id, removal.public_id)


def _run(public_id: str, removal_id: str) -> dict[str, object]:
    person, removal = _access(public_id, removal_id)
    items = list(removal.items.all())
    choices = Item.Choice
    return {
        "person": person,
        "removal": removal,
        "progress": progress_of(removal),
        "items": items,
        # What was left goes on being left until something else is chosen.
        "rows": [
            (item, _is_open_again(item), value_of(item) if item.state == Item.State.FAILED else "") for item in items
        ],
        "has_open": any(map(_is_open_again, items)),
        "groups": options_of(list_takers(person)),
        "counts": {
            "handed_over": sum(item.choice == choices.HAND_OVER for item in items),
            "cancelled": sum(item.choice == choices.CANCEL for item in items),
            "written_to": sum(item.choice == choices.CANCEL and item.is_booked for item in items),
            "left": sum(item.choice == choices.LEAVE for item in items),
        },
        "teams": list_teams_of(person),
    }


def _is_open_again(item: Item) -> bool:
    return item.state in (Item.State.FAILED, Item.State.LEFT)


def _planned(person: Person) -> Entered:
    """What was entered before and not started, so that one can go back from the summary."""
    latest = find_latest(person)
    if latest is None or latest.state != Removal.State.PLANNED:
        return Entered()
    items = latest.items.select_related("request", "agent", "team")
    return Entered(chosen={item.request.public_id: value_of(item) for item in items}, message=latest.message)


def _latest_run(person: Person) -> Removal | None:
    latest = find_latest(person)
    return latest if latest is not None and latest.state != Removal.State.PLANNED else None


def _error(entered: Entered, each: object) -> str:
    return entered.errors.get(each.request.public_id, "")  # type: ignore[attr-defined]


def _access(public_id: str, removal_id: str) -> tuple[Person, Removal]:
    person = access_person(public_id)
    try:
        return person, get_removal(person, removal_id)
    except Removal.DoesNotExist:
        raise Http404 from None
