from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "slotdesk.domain.privacy"
