"""
The pages that say why nothing can be booked here: what is the case, what a client can do now, and whom to ask.

One template draws them all. Which is shown when, and with which status, is in docs/reference/client-pages.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.tenants.models import Account
from slotdesk.web.public.link_limits import RETRY_AFTER

_Text = str | Promise
ASK = gettext_lazy("Please ask whoever gave you this link.")
# Of an invitation there is an e-mail.
_REPLY = gettext_lazy("Please reply to the e‑mail that brought you here.")


@dataclass(frozen=True, slots=True)
class Way:
    """What a client can do here instead."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What such a page says.

    title      also its heading; text: what is the case, and what it means for the client
    question   stands before the account's own contact; ask: the way to ask where the account has named none
    retry_after   seconds after which another try may end better
    guess         the text names a time in this zone, which the client did not choose: the browser asks for its own
    """

    icon: str
    title: _Text
    text: _Text
    question: _Text
    status: HTTPStatus
    ask: _Text = ASK
    retry_after: int | None = None
    way: Way | None = None
    guess: str = ""


def say(request: HttpRequest, outcome: Outcome, *, account: Account | None) -> HttpResponse:
    """The outcome's page, in the account's look; without an account nothing tells whose link it was."""
    context = {"outcome": outcome, "account": account}
    response = render(request, "public/outcome.html", context, status=outcome.status)
    if outcome.retry_after is not None:
        response.headers["Retry-After"] = str(outcome.retry_after)
    return response


# What is not there, is somebody else's, or was turned off: nobody learns which.
UNKNOWN = Outcome(
    icon="calendar",
    title=gettext_lazy("This link leads nowhere"),
    text=gettext_lazy(
        "There is nothing to book at this address. Perhaps it was cut off on its way to you, or what it led to is no "
        "longer offered. Please open the link once more where you found it, or copy all of it into the address bar."
    ),
    question=gettext_lazy("Does that not help?"),
    status=HTTPStatus.NOT_FOUND,
)

TICKET_OVER = Outcome(
    icon="ticket",
    title=gettext_lazy("The ticket is closed"),
    text=gettext_lazy("So there is nothing to book a time for any more. Nothing was booked."),
    question=gettext_lazy("Does something still not work?"),
    status=HTTPStatus.GONE,
)

# The same whatever was too much, so that nobody learns what is known of an address.
TOO_MANY = Outcome(
    icon="clock",
    title=gettext_lazy("This cannot be done here at the moment"),
    text=gettext_lazy(
        "There were many tries in a short time, or many appointments are booked already. Nothing was booked now. "
        "Please try again later."
    ),
    question=gettext_lazy("Can it not wait?"),
    status=HTTPStatus.TOO_MANY_REQUESTS,
    retry_after=RETRY_AFTER,
)


def refused(asked: SchedulingRequest) -> Outcome:
    """Only known clients may book this, and the visitor, who has proved the address, is none."""
    return Outcome(
        icon="person",
        title=gettext_lazy("We do not know this address yet"),
        text=gettext(
            "“%(name)s” is for clients of %(account)s. Perhaps you are known under another e‑mail address. Nothing "
            "was booked."
        )
        % _names(asked),
        question=gettext_lazy("Would you like to book all the same?"),
        status=HTTPStatus.FORBIDDEN,
    )


def over(asked: SchedulingRequest) -> Outcome:
    """A request that ended before anybody booked it."""
    if asked.status == SchedulingRequest.Status.CANCELLED:
        title = gettext("This invitation was taken back")
        text = gettext(
            "%(account)s no longer needs you to choose a time for “%(name)s”. Nothing is booked, and there is nothing "
            "you need to do."
        )
    else:
        title = gettext("This invitation is closed")
        text = gettext("The time to answer “%(name)s” is over. Nothing is booked, and there is nothing you need to do.")
    return Outcome(
        icon="calendar",
        title=title,
        text=text % _names(asked),
        question=gettext_lazy("Would you like to talk all the same?"),
        status=HTTPStatus.GONE,
        ask=_REPLY,
    )


def expired(asked: SchedulingRequest, *, last_day: str) -> Outcome:
    """An open request whose last day is over."""
    text = gettext("“%(name)s” was to take place by %(day)s, and that day is over. Nothing is booked.")
    return Outcome(
        icon="clock",
        title=gettext_lazy("This invitation has expired"),
        text=text % {"name": asked.external_name, "day": last_day},
        question=gettext_lazy("Do you still need a time?"),
        status=HTTPStatus.GONE,
        ask=_REPLY,
    )


def _names(asked: SchedulingRequest) -> dict[str, str]:
    return {"name": asked.spoken_name, "account": asked.account.name}
