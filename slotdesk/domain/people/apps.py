from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "slotdesk.domain.people"
