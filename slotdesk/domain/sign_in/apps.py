from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "slotdesk.domain.sign_in"
