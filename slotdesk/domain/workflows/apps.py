from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "slotdesk.domain.workflows"
