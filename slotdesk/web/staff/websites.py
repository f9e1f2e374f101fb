"""Settings → Embedding: which websites may show booking pages inside their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from slotdesk.domain.profile.embedding import MOST_WEBSITES, BadWebsites, list_websites, read_websites, save_websites
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page

_LONGEST = MOST_WEBSITES * 300


class WebsitesForm(forms.Form):
    websites = forms.CharField(
        label=gettext_lazy("Websites that may embed"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "none", "dir": "ltr"}),
        help_text=gettext_lazy(
            "One on each line, such as https://www.example.com. "
            "https://*.example.com lets all its subdomains in, but not https://example.com itself."
        ),
    )

    def clean_websites(self) -> list[str]:
        try:
            return read_websites(self.cleaned_data["websites"])
        except BadWebsites as error:
            raise forms.ValidationError([forms.ValidationError(problem) for problem in error.problems]) from None


@require_http_methods(["GET", "POST"])
@staff(Permission.BRANDING_VIEW)
def edit(request: HttpRequest) -> HttpResponse:
    """Whoever may not edit sees the same page with its field locked."""
    member, now = request.member, timezone.now()  # type: ignore[attr-defined]
    can_edit = may(member.role, Permission.BRANDING_EDIT)
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    stored = list_websites(member.account)
    form = WebsitesForm(request.POST or None, initial={"websites": "\n".join(stored)})
    if request.method == "POST" and form.is_valid():
        websites = form.cleaned_data["websites"]
        save_websites(account=member.account, websites=websites, actor=actor_of(request), now=now)
        messages.success(request, _say(websites))
        return redirect("staff:embedding")
    if not can_edit:
        form.fields["websites"].disabled = True
    context: dict[str, Any] = {"form": form, "stored": stored, "can_edit": can_edit}
    return render_page(request, "staff/embedding/edit.html", context, now=now, status=422 if form.errors else 200)


def _say(websites: list[str]) -> str:
    if not websites:
        return gettext("Saved. No website may embed your booking pages.")
    return ngettext(
        "Saved. From now on %(count)s website may embed your booking pages.",
        "Saved. From now on %(count)s websites may embed your booking pages.",
        len(websites),
    ) % {"count": len(websites)}
