"""Reading e-mails of the active account."""

from __future__ import annotations

from slotdesk.domain.messages.models import Email


def get_email(*, subject_id: str, email_id: int) -> Email:
    """Return an e-mail about the request. Raises Email.DoesNotExist."""
    return Email.objects.get(subject_id=subject_id, pk=email_id)
