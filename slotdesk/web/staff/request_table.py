"""The list of requests as a table."""

from __future__ import annotations

from typing import ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from slotdesk.domain.booking.models import SchedulingRequest


class RequestTable(tables.Table):  # type: ignore[misc]
    how_many = "staff/requests/_how_many.html"

    client_name = tables.TemplateColumn(
        verbose_name=gettext_lazy("Client"), template_name="staff/requests/_client.html"
    )
    ticket_number = tables.TemplateColumn(
        verbose_name=gettext_lazy("Ticket"), template_name="staff/requests/_ticket.html"
    )
    internal_name = tables.TemplateColumn(
        verbose_name=gettext_lazy("Appointment"), template_name="staff/requests/_type.html"
    )
    status = tables.TemplateColumn(verbose_name=gettext_lazy("Status"), template_name="staff/requests/_state.html")
    booked_for = tables.TemplateColumn(
        verbose_name=gettext_lazy("Booked for"), template_name="staff/requests/_booked.html"
    )
    created_at = tables.TemplateColumn(
        verbose_name=gettext_lazy("Created"), template_name="staff/requests/_created.html"
    )

    class Meta:
        model = SchedulingRequest
        fields = ("client_name", "ticket_number", "internal_name", "status", "booked_for", "created_at")
        order_by = "-created_at"
        attrs: ClassVar[dict[str, str]] = {
            "class": "table card-table table-vcenter cards-on-phone rows-link request-rows"
        }
