"""Whom to invite, as what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.people.models import Team
from slotdesk.domain.tenants.models import Role

MOST = 100
_BETWEEN = re.compile(r"[\s,;]+")
# As mail programs write people: Ann Lee <ann@summit.example>
_BRACKETS = re.compile(r"[^\s,;<>]*(?:[ \t]+[^\s,;<>]+)*[ \t]*<([^<>\s]+)>")


class InvitationForm(forms.Form):
    """roles: those that whoever invites may give. teams: those that people can be put into."""

    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        widget=forms.Textarea(
            attrs={"rows": 4, "placeholder": "ann@example.com, ben@example.com", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("One or many: paste a list with commas, semicolons, spaces or lines between."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    teams = forms.MultipleChoiceField(label=gettext_lazy("Teams"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, roles: Sequence[Role], teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.public_id, role.name) for role in roles]  # type: ignore[attr-defined]
        self.fields["teams"].choices = [(team.public_id, team.internal_name) for team in teams]  # type: ignore[attr-defined]

    def clean_emails(self) -> list[str]:
        plain = _BRACKETS.sub(r" \1 ", self.cleaned_data["emails"])
        emails = list(dict.fromkeys(part.lower() for part in _BETWEEN.split(plain) if part))
        if not emails:
            raise ValidationError(gettext("Enter at least one address."))
        if len(emails) > MOST:
            raise ValidationError(
                gettext("At most %(most)s at a time; these are %(count)s.") % {"most": MOST, "count": len(emails)}
            )
        if wrong := [email for email in emails if not _is_email(email)]:
            raise ValidationError(gettext("Not an e-mail address: %(names)s.") % {"names": ", ".join(wrong[:5])})
        return emails


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
