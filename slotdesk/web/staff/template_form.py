"""The form of an e-mail template, and what its preview is filled with."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.booking.queries import access_request, list_requests
from slotdesk.domain.messages.checking import Problem
from slotdesk.domain.messages.examples import examples_for
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.variables import Variable
from slotdesk.domain.profile.queries import brand_of_mail, get_profile
from slotdesk.domain.workflows.template_values import values_of_request

# How many of the member's latest requests a preview may be filled with.
_OFFERED = 20


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """version: of the template as the page showed it; nothing that somebody else saved since is overwritten unseen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    class Meta:
        model = Template
        fields = ("name", "subject", "body")
        labels: ClassVar[dict[str, str | Promise]] = {
            "name": gettext_lazy("Name"),
            "subject": gettext_lazy("Subject"),
            "body": gettext_lazy("Body"),
        }
        help_texts: ClassVar[dict[str, str | Promise]] = {
            "name": gettext_lazy("For your people, such as On-site confirmation.")
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "subject": forms.TextInput(attrs={"spellcheck": "true", "data-insert-into": ""}),
            "body": forms.Textarea(
                attrs={"rows": 22, "class": "code-area", "spellcheck": "true", "data-insert-into": "", "wrap": "soft"}
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def template(self) -> Template:
        """What a valid form says, not stored yet."""
        template: Template = self.instance
        template.version = self.cleaned_data["version"] or template.version
        return template

    def blame(self, problems: Sequence[Problem]) -> None:
        """Tell each problem at its field; the lines that they name can be jumped to."""
        for problem in problems:
            self.add_error(problem.field, str(problem))


def list_offered_requests(request: HttpRequest) -> list[SchedulingRequest]:
    """Those of the member that a preview may be filled with, newest first."""
    return list(list_requests(request.member)[:_OFFERED])  # type: ignore[attr-defined]


def values_for(
    request: HttpRequest, entered: QueryDict, *, kind: Kind, variables: Sequence[Variable], now: datetime
) -> dict[str, Any]:
    """What a preview or a test is filled with: the chosen request if the member may see it, otherwise examples."""
    member = request.member  # type: ignore[attr-defined]
    values = examples_for(member.account, kind, now=now, variables=variables)
    chosen = entered.get("request", "")
    if chosen:
        # Of one that was deleted meanwhile, or was never theirs, examples are shown.
        with suppress(SchedulingRequest.DoesNotExist):
            values = values_of_request(access_request(member, chosen), kind=kind, now=now)
    # The frame's picture comes from the address at which the page is open.
    profile, address = get_profile(member.account), request.build_absolute_uri("/").rstrip("/")
    return values | {"brand": brand_of_mail(member.account, profile, public_url=address)}


def read_kind(entered: QueryDict) -> Kind | None:
    """The kind that an address or a form names, the first one where it names none; None for one that is not there."""
    try:
        return Kind(entered.get("kind", Kind.INVITATION))
    except ValueError:
        return None
