"""Booking by a public link, and what is said to whoever cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from slotdesk.domain.booking import choosing
from slotdesk.domain.booking.guests import TooManyGuests
from slotdesk.domain.booking.invitations import TicketClosed
from slotdesk.domain.booking.models import Appointment
from slotdesk.domain.links.booking import ContactRefused, NoSuchTicket, NotOffered, TooManyOpen
from slotdesk.ports.errors import PortError
from slotdesk.web.public import outcomes, pages, steps
from slotdesk.web.public.clock import Clock
from slotdesk.web.public.done import Done, lead_on
from slotdesk.web.public.forms import AnswersForm
from slotdesk.web.public.questions import too_many_guests
from slotdesk.web.public.visit import Visit


def answer_booking(
    request: HttpRequest,
    visit: Visit,
    form: AnswersForm,
    starts_at: datetime,
    clock: Clock,
    book: Callable[[], Appointment],
) -> HttpResponse:
    """Book, and lead to the appointment's page or wherever the type says; or the page that says why not."""
    try:
        booked = book()
    except choosing.SlotTaken:
        return steps.not_free(request, visit, starts_at, status=HTTPStatus.CONFLICT, was_taken=True)
    except choosing.SlotNotOffered:
        return steps.not_free(request, visit, starts_at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (choosing.AvailabilityUnknown, PortError):
        return pages.try_again(request, visit, form, starts_at, clock=clock)
    except TooManyGuests as error:
        form.add_error("guests", too_many_guests(error.most))
        return steps.ask_again(request, visit, form, starts_at, clock=clock)
    except ContactRefused:
        return outcomes.say(request, outcomes.refused(visit.asked), account=visit.account)
    except TooManyOpen:
        return outcomes.say(request, outcomes.TOO_MANY, account=visit.account)
    except TicketClosed:
        return outcomes.say(request, outcomes.TICKET_OVER, account=visit.account)
    except (NoSuchTicket, NotOffered):
        return outcomes.say(request, outcomes.UNKNOWN, account=visit.account)
    return lead_on(request, booked.request, Done.BOOKED)
