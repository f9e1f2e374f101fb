"""Reading e-mails and templates of the active account."""

from __future__ import annotations

from django.db.models import QuerySet

from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Email, Template
from slotdesk.domain.tenants.models import Account


def get_email(*, subject_id: str, email_id: int) -> Email:
    """Return an e-mail about the request. Raises Email.DoesNotExist."""
    return Email.objects.get(subject_id=subject_id, pk=email_id)


def find_email(account: Account, key: str) -> Email | None:
    """The e-mail that was written with this key, if one was."""
    return Email.objects.filter(account=account, key=key).first()


def list_templates(account: Account, kind: Kind | None = None) -> QuerySet[Template]:
    """The account's own templates, of one kind or of all, by name."""
    templates = Template.objects.filter(account=account).order_by("name", "id")
    return templates.filter(kind=kind.value) if kind else templates


def get_template(public_id: str) -> Template:
    """Raises Template.DoesNotExist."""
    return Template.objects.select_related("account").get(public_id=public_id)


def find_template(public_id: str) -> Template | None:
    """Return the template, or None where it was deleted."""
    return Template.objects.filter(public_id=public_id).first()
