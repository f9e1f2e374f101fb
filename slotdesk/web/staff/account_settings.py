"""The account's settings: name, country, clock, contact, and where its own people find help."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from slotdesk.domain.profile.operations import save_account
from slotdesk.domain.profile.queries import get_profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page


@cache
def _countries() -> list[tuple[str, str]]:
    """Those whose phone numbers can be read, by name."""
    names = Locale("en").territories
    return sorted(((code, names[code]) for code in phonenumbers.SUPPORTED_REGIONS if code in names), key=lambda c: c[1])


@cache
def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    country = forms.ChoiceField(
        help_text=gettext_lazy("How phone numbers are read, and whether times read 2:30 PM or 14:30.")
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("Used where nothing else names one.")
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        help_text=gettext_lazy(
            "Of e-mails and pages for clients, until they choose or their browser asks for another one."
        ),
    )
    help_url = forms.URLField(
        label=gettext_lazy("Help for your own people"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("A page of yours, such as where to book a review. It appears in everybody’s menu."),
    )

    most_open_bookings = forms.IntegerField(
        label=gettext_lazy("Most appointments to come per client"),
        min_value=0,
        max_value=1000,
        help_text=gettext_lazy("Booked by links that were not sent to them. 0: any number."),
    )

    class Meta:
        model = Account
        fields = ("name", "country", "zone", "language", "support_email", "support_phone")
        labels = {"support_email": gettext_lazy("Support e-mail"), "support_phone": gettext_lazy("Support phone")}  # noqa: RUF012
        help_texts = {  # noqa: RUF012
            "name": gettext_lazy("What clients read on pages and in e-mails."),
            "support_email": gettext_lazy("Clients’ replies go here, and pages name it."),
            "support_phone": gettext_lazy("Pages name it where a client needs a person."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _countries()  # type: ignore[attr-defined]
        self.fields["zone"].choices = _zones()  # type: ignore[attr-defined]


_OF_PROFILE = ("help_url", "most_open_bookings")


@require_http_methods(["GET", "POST"])
@staff(Permission.ACCOUNT_VIEW)
def edit(request: HttpRequest) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    member, now = request.member, timezone.now()  # type: ignore[attr-defined]
    can_edit = may(member.role, Permission.ACCOUNT_EDIT)
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    account, profile = Account.objects.get(pk=member.account_id), get_profile(member.account)
    form = AccountForm(
        request.POST or None, instance=account, initial={field: getattr(profile, field) for field in _OF_PROFILE}
    )
    if request.method == "POST" and form.is_valid():
        for name in _OF_PROFILE:
            setattr(profile, name, form.cleaned_data[name])
        save_account(account=form.instance, profile=profile, actor=actor_of(request), now=now)
        messages.success(request, gettext("The account’s settings are saved."))
        return redirect("staff:account")
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {"form": form, "can_edit": can_edit}
    return render_page(request, "staff/settings/account.html", context, now=now, status=422 if form.errors else 200)
