from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "slotdesk.domain.booking"
