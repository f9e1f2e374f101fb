from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "slotdesk.domain.connections"
