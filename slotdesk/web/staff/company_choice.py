"""
Choosing a company of the PSA by words of its name; drawn by staff/types/_company.html, and in a workflow by
staff/workflow/_company.html.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from slotdesk.domain.connections.models import Connection
from slotdesk.domain.connections.queries import find_psa, read_company, search_companies
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.lib.remembered import Remembered
from slotdesk.ports import errors
from slotdesk.ports.psa import Named
from slotdesk.web.access import staff
from slotdesk.web.staff.ticket_search import SILENT_PSA

# The command of the editor's button for browsers without scripts, and what it looks for.
FIND, WORDS = "company.find", "company_q"
FIELD = "catch_all_company_id"
_LONGEST = 100
# The preview checks the form with every key that is pressed.
_lately: Remembered[tuple[int, str], Named] = Remembered(seconds=60)


class NoSuchCompany(Exception):
    """The PSA has no such company, or not any more."""


@dataclass(frozen=True, slots=True)
class CompanyChoice:
    """
    What the field shows.

    chosen    None = none yet; the name is empty where the PSA could not be asked for it
    found     what the PSA has for the words; problem: why it could not be asked
    """

    chosen: Named | None
    words: str
    found: list[Named]
    problem: str


@require_GET
@staff(Permission.TYPES_EDIT)
def show_found(request: HttpRequest) -> HttpResponse:
    """The companies that have these words in their name, for the field's script."""
    choice = look_for(None, request.GET.get(WORDS, ""))
    return render(request, "staff/types/_companies.html", {"company": choice, "name": FIELD})


def look_for(chosen: Named | None, words: str) -> CompanyChoice | None:
    """What the field shows, once the PSA has been asked for the words; None for an account without a PSA."""
    psa, words = find_psa(), words.strip()[:_LONGEST]
    if psa is None:
        return None
    try:
        found = list(search_companies(psa, words)) if words else []
    except errors.PortError:
        return CompanyChoice(chosen, words, [], str(SILENT_PSA))
    return CompanyChoice(chosen, words, [each for each in found if each != chosen], "")


def name_company(company_id: str, *, known: Named) -> Named | None:
    """
    The company of this id, with its name as the PSA has it, up to a minute ago; None for an empty id.

    known   the one that is stored; its name is taken while the PSA cannot be asked. Raises NoSuchCompany.
    """
    psa = find_psa()
    if not company_id:
        return None
    try:
        return _read(psa, company_id) if psa else Named(company_id, "")
    except errors.NotFound:
        raise NoSuchCompany(company_id) from None
    except errors.PortError:
        return known if known.id == company_id else Named(company_id, "")


def _read(psa: Connection, company_id: str) -> Named:
    return _lately.get((psa.pk, company_id), lambda: read_company(psa, company_id))
