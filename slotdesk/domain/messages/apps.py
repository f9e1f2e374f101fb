from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "slotdesk.domain.messages"
    label = "client_messages"  # Django's own app is called messages
