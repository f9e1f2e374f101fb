"""Privacy: what is kept about clients and how long, and taking one client's data out or away."""

from __future__ import annotations

import json

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from slotdesk.domain.privacy.classified import CLIENT_DATA
from slotdesk.domain.privacy.models import Retention
from slotdesk.domain.privacy.operations import AppointmentAhead, AtWork, erase_client, export_client, save_retention
from slotdesk.domain.privacy.queries import calls_about, emails_to, get_retention, guests_with, requests_of
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.web.access import staff
from slotdesk.web.staff.pages import actor_of, render_page


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Retention
        fields = ("request_days", "email_days", "call_days", "audit_days", "session_days")
        labels = {  # noqa: RUF012
            "request_days": gettext_lazy("Clients in requests (days)"),
            "email_days": gettext_lazy("E-mails (days)"),
            "call_days": gettext_lazy("Calls from the PSA (days)"),
            "audit_days": gettext_lazy("History and audit log (days)"),
            "session_days": gettext_lazy("Unused sign-in sessions (days)"),
        }
        help_texts = {  # noqa: RUF012
            "request_days": gettext_lazy("30 to 3650, counted from the end of the last appointment."),
            "email_days": gettext_lazy("7 to 3650, counted from when it was written."),
            "call_days": gettext_lazy("1 to 7: long enough to look into what went wrong."),
            "audit_days": gettext_lazy("90 to 3650."),
            "session_days": gettext_lazy("1 to 90, counted from when it was last used."),
        }


class ClientForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Client’s e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class ErasureForm(ClientForm):
    """The address is typed a second time, since what goes does not come back."""

    again = forms.EmailField(
        label=gettext_lazy("Type the address again to confirm"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again.lower() != self.cleaned_data.get("email", "").lower():
            raise forms.ValidationError(gettext("This is not the address above."))
        return again


@require_http_methods(["GET", "POST"])
@staff(Permission.PRIVACY_EDIT)
def edit(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    retention = get_retention(request.member.account)  # type: ignore[attr-defined]
    form = RetentionForm(request.POST or None, instance=retention)
    if request.method == "POST" and form.is_valid():
        save_retention(retention=form.instance, actor=actor_of(request), now=now)
        messages.success(request, gettext("Saved. What is older is deleted in the coming night."))
        return redirect("staff:privacy")
    stored = get_retention(request.member.account)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "client_form": ClientForm(),
        "kept": [
            (kept, ", ".join(map(str, kept.fields.values())), getattr(stored, kept.period)) for kept in CLIENT_DATA
        ],
    }
    return render_page(request, "staff/privacy/edit.html", context, now=now, status=422 if form.errors else 200)


@require_POST
@staff(Permission.PRIVACY_EDIT)
def find_client(request: HttpRequest) -> HttpResponse:
    """By POST, so that the address stands in no log and no browser's history."""
    form = ClientForm(request.POST)
    if not form.is_valid():
        return _client_page(request, form, None, status=422)
    return _client_page(request, form, ErasureForm(initial=form.cleaned_data))


@require_POST
@staff(Permission.PRIVACY_EDIT)
def export(request: HttpRequest) -> HttpResponse:
    form, now = ClientForm(request.POST), timezone.now()
    if not form.is_valid():
        return _client_page(request, form, None, status=422)
    account = request.member.account  # type: ignore[attr-defined]
    found = export_client(account=account, email=form.cleaned_data["email"], actor=actor_of(request), now=now)
    return HttpResponse(
        json.dumps(found, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="client-data-{now:%Y-%m-%d}.json"',
            "Cache-Control": "no-store",
        },
    )


@require_POST
@staff(Permission.PRIVACY_EDIT)
def erase(request: HttpRequest) -> HttpResponse:
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _client_page(request, ClientForm(request.POST), form, status=422)
    account = request.member.account  # type: ignore[attr-defined]
    email = form.cleaned_data["email"]
    try:
        erased = erase_client(account=account, email=email, actor=actor_of(request), now=timezone.now())
    except AppointmentAhead:
        form.add_error(
            None, gettext("An appointment is still to come. Cancel it first; then the client can be erased.")
        )
    except AtWork:
        form.add_error(None, gettext("Something is just being done for this client. Try again in a minute."))
    else:
        messages.success(
            request,
            gettext(
                "Erased. Requests emptied: %(requests)s. Deleted: e-mails: %(emails)s, calls: %(calls)s. "
                "Times taken off somebody’s guests: %(guests)s. "
                "What your PSA and mailboxes hold is to be deleted there."
            )
            % {"requests": erased.requests, "emails": erased.emails, "calls": erased.calls, "guests": erased.guests},
        )
        return redirect("staff:privacy")
    return _client_page(request, ClientForm(request.POST), form, status=409)


def _client_page(
    request: HttpRequest, form: ClientForm, erasure: ErasureForm | None, *, status: int = 200
) -> HttpResponse:
    email = form.cleaned_data.get("email", "") if form.is_valid() else ""
    context = {
        "form": form,
        "erasure": erasure,
        "email": email,
        "requests": requests_of(email).order_by("-created_at") if email else (),
        "emails": emails_to(email).count() if email else 0,
        "calls": calls_about(email).count() if email else 0,
        "guests": guests_with(email).count() if email else 0,
    }
    return render_page(request, "staff/privacy/client.html", context, now=timezone.now(), status=status)
