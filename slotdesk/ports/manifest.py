"""What an integration says of itself, so that nothing else needs to know its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    One vendor.

    kind              the folder's name
    settings          a pydantic model; its fields are the connect page, SecretStr ones are secret
    psa               "module.Class" of the Psa adapter, made as Class(settings, door=Door); empty when it is none
    panel_script      static path of the script that speaks with the vendor's ticket screen; empty = no panel
    frame_ancestors   the origins that may frame the panel, from the settings
    ticket_token      what the vendor's e-mail templates replace by the ticket's number
    needs             the rights that the vendor's API user must have, in the vendor's own words, for the connect page
    """

    kind: str
    label: str
    settings: type[BaseModel]
    psa: str = ""
    panel_script: str = ""
    frame_ancestors: Callable[[BaseModel], tuple[str, ...]] = field(default=lambda _settings: ())
    ticket_token: str = ""
    needs: tuple[str, ...] = ()
