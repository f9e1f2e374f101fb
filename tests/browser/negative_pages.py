"""Every kind of link and everything that can speak against a booking by it, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from tests.browser.links_world import BUSY, EXPIRED_AT, NINA, OPENS_AT


@dataclass(frozen=True, slots=True)
class Page:
    """
    words    in English, which stand at the place (a CSS selector); %(time)s is any time
    asks     whether it says whom to ask
    is_open  it shows what can be booked, of a ticket its summary to whoever was let in
    """

    status: int
    words: str
    place: str = "h1"
    asks: bool = True
    is_open: bool = False


PAGES = {
    "asks who it is": Page(200, "Send me a code", "form button"),
    "cancelled": Page(200, "This appointment was cancelled"),
    "closed": Page(410, "This invitation is closed"),
    "code": Page(200, "Look into your mailbox"),
    "expired": Page(410, "This link has expired"),
    "invitation expired": Page(410, "This invitation has expired"),
    "nothing free": Page(200, "No free times at the moment", ".empty h3", is_open=True),
    "nothing to book": Page(200, "Nothing can be booked here right now", ".empty h2"),
    "nowhere": Page(404, "This link leads nowhere"),
    "nowhere, of nobody": Page(404, "This link leads nowhere", asks=False),
    "refused": Page(403, "We do not know this address yet"),
    "revoked": Page(410, "This link was taken back"),
    "taken back": Page(410, "This invitation was taken back"),
    "ticket over": Page(410, "The ticket is closed"),
    "time taken": Page(409, "%(time)s has just been taken", ".banner .strong", asks=False, is_open=True),
    "too early": Page(403, "It is too early to book here"),
    "too late": Page(403, "You are booked"),
    "too many": Page(429, "This cannot be done here at the moment"),
    "try again": Page(503, "We cannot check the calendar right now", "h2", is_open=True),
    "unreadable": Page(503, "We cannot check the calendar right now", ".empty h3", is_open=True),
    "used": Page(200, "You are booked"),
}


class Does(Enum):
    """What the visitor does at the address."""

    LOOK = auto()
    BOOK = auto()
    BOOK_WITH_CODE = auto()
    BOOK_WITHOUT_PSA = auto()
    # Somebody else is quicker.
    LOSE = auto()
    # Where an address is asked for, before anything is shown.
    ASK_FOR_CODE = auto()
    # After too much was done from the same place.
    BOOK_AFTER_MANY = auto()
    ASK_FOR_CODE_AFTER_MANY = auto()


@dataclass(frozen=True, slots=True)
class Cell:
    """
    address  one of the world's by its name, or what follows the server's
    says     a moment that the page names; on_day: only its date
    """

    kind: str
    page: str
    address: str
    does: Does = Does.LOOK
    email: str = NINA
    says: datetime | None = None
    on_day: bool = False

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.page} ({self.address.partition(', ')[2] or self.address})"


REQUEST, TICKET, CLIENT, SIGNED = "request", "ticket", "client", "signed ticket"
SINGLE, PANEL, TEAM, PERSON, TEAMS = "single", "panel", "team", "personal page", "team page"

CELLS = [
    Cell(REQUEST, "taken back", "request, taken back"),
    Cell(REQUEST, "closed", "request, closed"),
    Cell(REQUEST, "invitation expired", "request, expired"),
    Cell(REQUEST, "used", "request, used"),
    Cell(REQUEST, "too late", "request, used, to another time"),
    Cell(REQUEST, "cancelled", "request, cancelled"),
    Cell(REQUEST, "nothing free", "request, without times"),
    Cell(REQUEST, "unreadable", "request, unread"),
    Cell(REQUEST, "nowhere, of nobody", "/schedule/nothing/"),
    Cell(REQUEST, "time taken", "request, open", Does.LOSE),
    Cell(TICKET, "asks who it is", "ticket, long ago"),
    Cell(TICKET, "asks who it is", "/jordan/call/ticket/4712/"),
    Cell(TICKET, "code", "/jordan/call/ticket/4712/", Does.ASK_FOR_CODE),
    Cell(TICKET, "nowhere", "/jordan/nothing/ticket/4711/"),
    Cell(TICKET, "nowhere", "/@north/jordan/call/ticket/4711/"),
    Cell(TICKET, "nowhere", "ticket, gone", Does.BOOK),
    Cell(TICKET, "nothing free", "ticket, without times"),
    Cell(TICKET, "unreadable", "ticket, unread"),
    Cell(TICKET, "ticket over", "ticket, closed", Does.BOOK),
    Cell(TICKET, "too many", "ticket, busy", Does.BOOK),
    Cell(TICKET, "time taken", "ticket, open", Does.LOSE),
    Cell(CLIENT, "too early", "client, early", says=OPENS_AT),
    Cell(CLIENT, "expired", "client, expired", says=EXPIRED_AT, on_day=True),
    Cell(CLIENT, "revoked", "client, revoked"),
    Cell(CLIENT, "refused", "client, unknown", Does.BOOK),
    Cell(CLIENT, "nothing free", "client, without times"),
    Cell(CLIENT, "unreadable", "client, unread"),
    Cell(CLIENT, "nowhere", "/jordan/hidden/?s=nothing"),
    Cell(CLIENT, "too many", "client, busy", Does.BOOK),
    Cell(CLIENT, "time taken", "client, open", Does.LOSE),
    Cell(SIGNED, "too early", "signed ticket, early", says=OPENS_AT),
    Cell(SIGNED, "expired", "signed ticket, expired", says=EXPIRED_AT, on_day=True),
    Cell(SIGNED, "revoked", "signed ticket, revoked"),
    Cell(SIGNED, "asks who it is", "/jordan/call/ticket/4711/?s=nothing"),
    Cell(SIGNED, "nothing free", "signed ticket, without times"),
    Cell(SIGNED, "unreadable", "signed ticket, unread"),
    Cell(SIGNED, "nowhere", "signed ticket, gone", Does.BOOK),
    Cell(SIGNED, "try again", "signed ticket, open", Does.BOOK_WITHOUT_PSA),
    Cell(SIGNED, "ticket over", "signed ticket, closed", Does.BOOK),
    Cell(SIGNED, "too many", "signed ticket, busy", Does.BOOK, BUSY),
    Cell(SIGNED, "time taken", "signed ticket, open", Does.LOSE),
    Cell(SINGLE, "refused", "/jordan/known/", Does.BOOK_WITH_CODE),
    Cell(SINGLE, "nothing free", "/robin/call/"),
    Cell(SINGLE, "unreadable", "/@north/sam/call/"),
    Cell(SINGLE, "nowhere", "/jordan/nothing/"),
    Cell(SINGLE, "nowhere", "/@north/jordan/call/"),
    Cell(SINGLE, "nowhere, of nobody", "/@nobody/jordan/call/"),
    Cell(SINGLE, "nowhere", "/jordan/hidden/"),
    Cell(SINGLE, "too many", "/jordan/call/", Does.BOOK, BUSY),
    Cell(SINGLE, "time taken", "/jordan/call/", Does.LOSE),
    # The browser remembers which address was proved.
    Cell(PANEL, "refused", "/jordan,lee/known/", Does.BOOK),
    Cell(PANEL, "nothing free", "/jordan,robin/call/"),
    Cell(PANEL, "unreadable", "/@north/lee,sam/call/"),
    Cell(PANEL, "nowhere", "/jordan,nobody/call/"),
    Cell(PANEL, "nowhere", "/@north/jordan,lee/call/"),
    Cell(PANEL, "nowhere", "/jordan,lee/hidden/"),
    Cell(PANEL, "too many", "/jordan,lee/call/", Does.BOOK, BUSY),
    Cell(PANEL, "time taken", "/jordan,lee/call/", Does.LOSE),
    Cell(TEAM, "refused", "/help-desk/known/", Does.BOOK),
    Cell(TEAM, "nothing free", "/night-shift/call/"),
    Cell(TEAM, "unreadable", "/@north/day-shift/call/"),
    Cell(TEAM, "nowhere", "/nobody/call/"),
    Cell(TEAM, "nowhere", "/@north/help-desk/call/"),
    Cell(TEAM, "nowhere", "/help-desk/hidden/"),
    Cell(TEAM, "too many", "/help-desk/call/", Does.BOOK, BUSY),
    Cell(TEAM, "time taken", "/help-desk/call/", Does.LOSE),
    Cell(PERSON, "nothing to book", "/alex/"),
    Cell(PERSON, "nowhere", "/jordan/"),
    Cell(PERSON, "nowhere", "/nobody/"),
    Cell(PERSON, "nowhere", "/@north/alex/"),
    Cell(TEAMS, "nothing to book", "/day-shift/"),
    Cell(TEAMS, "nowhere", "/help-desk/"),
    Cell(TEAMS, "nowhere", "/@north/day-shift/"),
    # From here on too much was done from the browser's address.
    Cell(TICKET, "too many", "ticket, open", Does.BOOK_AFTER_MANY),
    Cell(CLIENT, "too many", "client, open", Does.BOOK_AFTER_MANY),
    Cell(SIGNED, "too many", "signed ticket, open", Does.BOOK_AFTER_MANY),
    Cell(SINGLE, "too many", "/jordan/call/", Does.BOOK_AFTER_MANY),
    Cell(PANEL, "too many", "/jordan,lee/call/", Does.BOOK_AFTER_MANY),
    Cell(TEAM, "too many", "/help-desk/call/", Does.BOOK_AFTER_MANY),
    Cell(TICKET, "too many", "/jordan/call/ticket/4711/", Does.ASK_FOR_CODE_AFTER_MANY),
    Cell(SINGLE, "too many", "/jordan/checked/", Does.BOOK_AFTER_MANY),
]
