"""The ticket panel, under /panel/: a page inside the PSA's ticket screen, and the fragments that it loads."""

from __future__ import annotations

from django.urls import path

from slotdesk.web.panel import appointments, explanation, links, page, requests, session

app_name = "panel"

urlpatterns = [
    path("<str:connection_id>/", page.show, name="page"),
    path("<str:connection_id>/session/", session.create, name="session"),
    path("<str:connection_id>/tickets/<str:ticket_id>/", requests.show_ticket, name="ticket"),
    path("<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/status/", requests.show_status, name="status"),
    path("<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/requests/", requests.create, name="requests"),
    path(
        "<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/contacts/", appointments.list_contacts, name="contacts"
    ),
    path("<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/times/", appointments.list_free, name="times"),
    path(
        "<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/appointments/",
        appointments.create,
        name="appointments",
    ),
    path("<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/links/", links.create, name="links"),
    path(
        "<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/links/<str:public_id>/revocation/",
        links.revoke,
        name="link-revocation",
    ),
    path(
        "<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/requests/now/", requests.list_all, name="requests-now"
    ),
    path(
        "<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/requests/<str:public_id>/cancellation/",
        requests.cancel,
        name="cancellation",
    ),
    path(
        "<str:connection_id>/tickets/<str:kind>/<str:ticket_id>/requests/<str:public_id>/explanation/",
        explanation.show,
        name="explanation",
    ),
]
