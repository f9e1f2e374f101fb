"""ConnectWise PSA (formerly Manage)."""

from __future__ import annotations

from pydantic import BaseModel

from slotdesk.integrations.connectwise.check import NEEDS
from slotdesk.integrations.connectwise.settings import Settings
from slotdesk.ports.manifest import Manifest


def _frame_ancestors(settings: BaseModel) -> tuple[str, ...]:
    return (Settings.model_validate(settings).screen_origin,)


MANIFEST = Manifest(
    kind="connectwise",
    label="ConnectWise PSA",
    settings=Settings,
    psa="slotdesk.integrations.connectwise.adapter.Psa",
    panel_script="connectwise/panel.js",
    frame_ancestors=_frame_ancestors,
    ticket_token="[srnumber]",  # noqa: S106 (what e-mail templates replace, nothing secret)
    needs=NEEDS,
)
