"""What is done for a client whom the PSA does not know."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class NewContacts(StrEnum):
    """What is done for a client whose address no contact has."""

    CREATE = "create"
    CATCH_ALL = "catch_all"
    REJECT_ADDRESS = "reject_address"
    REJECT_DOMAIN = "reject_domain"

    @property
    def label(self) -> Promise:
        """For screens."""
        return _LABELS[self]

    @property
    def may_refuse(self) -> bool:
        """Whether some clients are not let in."""
        return self in (NewContacts.REJECT_ADDRESS, NewContacts.REJECT_DOMAIN)


_LABELS = {
    NewContacts.CREATE: pgettext_lazy("staff", "Create a contact, and a company if none has the e-mail domain"),
    NewContacts.CATCH_ALL: pgettext_lazy("staff", "Create a contact in one company for all"),
    NewContacts.REJECT_ADDRESS: pgettext_lazy("staff", "Refuse everybody whose address is not there"),
    NewContacts.REJECT_DOMAIN: pgettext_lazy("staff", "Refuse everybody whose e-mail domain is not there"),
}
