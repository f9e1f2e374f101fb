from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "slotdesk.domain.links"
