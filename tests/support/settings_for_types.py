"""The settings as the type checker reads them: with values that need no database and no environment."""

import os

os.environ |= {"DEBUG": "1", "DATABASE_URL": "postgresql:///types"}

from slotdesk.config.settings import *  # noqa: F403
