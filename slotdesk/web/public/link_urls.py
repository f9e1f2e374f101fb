"""
The public addresses of people and teams: their own page, with an appointment type, and for a ticket.

They lie at the root, so they come last, and no person or team may be called as anything before them, see
people/slugs.py.
"""

from __future__ import annotations

from django.urls import path, register_converter

from slotdesk.domain.people.slugs import RESERVED
from slotdesk.web.public import link_views, public_page, ticket_views


class ResourcesConverter:
    """One slug, or several with commas between. What lies at the root besides people is none of theirs."""

    regex = r"[A-Za-z0-9-]+(?:,[A-Za-z0-9-]+)*"

    def to_python(self, value: str) -> str:
        if value.lower() in RESERVED:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


class ResourceConverter(ResourcesConverter):
    """One slug."""

    regex = r"[A-Za-z0-9-]+"


class TicketNumberConverter(ResourcesConverter):
    """A ticket's number as people write it, such as 48213 or T20240101.0001."""

    regex = r"[A-Za-z0-9._-]{1,40}"


register_converter(ResourceConverter, "resource")
register_converter(ResourcesConverter, "resources")
register_converter(TicketNumberConverter, "ticket_number")

urlpatterns = [
    path("<resource:resource>/", public_page.show, name="page"),
    path("<resources:resources>/<slug:type_slug>/", link_views.choose_time, name="link"),
    path("<resources:resources>/<slug:type_slug>/times/", link_views.times, name="link_times"),
    path("<resources:resources>/<slug:type_slug>/details/", link_views.details, name="link_details"),
    path("<resources:resources>/<slug:type_slug>/booking/", link_views.book, name="link_booking"),
    path("<resources:resources>/<slug:type_slug>/opening/", link_views.opening, name="link_opening"),
    path(
        "<resources:resources>/<slug:type_slug>/ticket/<ticket_number:number>/",
        ticket_views.choose_time,
        name="ticket_link",
    ),
    path(
        "<resources:resources>/<slug:type_slug>/ticket/<ticket_number:number>/times/",
        ticket_views.times,
        name="ticket_link_times",
    ),
    path(
        "<resources:resources>/<slug:type_slug>/ticket/<ticket_number:number>/details/",
        ticket_views.details,
        name="ticket_link_details",
    ),
    path(
        "<resources:resources>/<slug:type_slug>/ticket/<ticket_number:number>/booking/",
        ticket_views.book,
        name="ticket_link_booking",
    ),
    path(
        "<resources:resources>/<slug:type_slug>/ticket/<ticket_number:number>/code/",
        ticket_views.prove,
        name="ticket_link_code",
    ),
    path(
        "<resources:resources>/<slug:type_slug>/ticket/<ticket_number:number>/opening/",
        ticket_views.opening,
        name="ticket_link_opening",
    ),
]
