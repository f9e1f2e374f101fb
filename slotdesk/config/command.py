"""What the console commands share."""

from __future__ import annotations

import os


class CommandFailed(Exception):
    """A command cannot do what was asked; one line that says why and what to do."""


def set_up_django() -> None:
    """
    Get Django ready for a command, with the embedded database running where the settings want it.

    Raises BadSetting, ImproperlyConfigured or DatabaseDidNotStart.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "slotdesk.config.settings")

    # Imported here, since the commands that need no Django should not wait for it.
    import django
    from django.conf import settings

    from slotdesk.config import embedded_postgres

    if settings.EMBEDDED_POSTGRES:
        embedded_postgres.start(settings.EMBEDDED_POSTGRES)
    django.setup()
