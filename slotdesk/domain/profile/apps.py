from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "slotdesk.domain.profile"
