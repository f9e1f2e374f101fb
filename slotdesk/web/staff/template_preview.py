"""How an e-mail template looks with what is entered: inside a frame, where nothing of it can run."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from slotdesk.domain.messages.checking import find_problems
from slotdesk.domain.messages.templates import BadTemplate, Message, render, render_own
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.workflows.template_values import list_variables
from slotdesk.web.access import staff
from slotdesk.web.middleware import allow_framing
from slotdesk.web.staff.as_clients import as_clients_read
from slotdesk.web.staff.pages import render_page
from slotdesk.web.staff.template_form import read_kind, values_for

# E-mails are styled in their tags, and their pictures may come from elsewhere; scripts have no place in them.
_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https:; frame-ancestors 'self'"
_VIEWS = ("wide", "phone", "text")


@require_http_methods(["GET", "POST"])
@staff(Permission.EMAIL_VIEW)
def show(request: HttpRequest) -> HttpResponse:
    """
    With a form: what is entered in it, which may be too long for an address. Without: the built-in e-mail of the kind.

    What cannot be used is answered with its problems, as 422.
    """
    entered = request.POST if request.method == "POST" else request.GET
    kind = read_kind(entered)
    if kind is None:
        raise Http404
    now, variables = timezone.now(), list_variables()
    message: Message | None = None
    subject, body = entered.get("subject", ""), entered.get("body", "")
    problems: list[str] = []
    if request.method == "POST":
        problems = [str(one) for one in find_problems(kind, subject=subject, body=body, variables=variables)]
    with as_clients_read(request.member.account, kind):  # type: ignore[attr-defined]
        values = values_for(request, entered, kind=kind, variables=variables, now=now)
        if request.method == "GET":
            message = render(kind, values)
        elif not problems:
            try:
                message = render_own(kind, values, subject=subject, body=body)
            except BadTemplate as error:  # with this request's values only
                problems = [str(error)]
    view = entered.get("view", "")
    context = {"message": message, "problems": problems, "view": view if view in _VIEWS else "wide"}
    response = render_page(
        request, "staff/email_templates/preview.html", context, now=now, status=422 if problems else 200
    )
    response.headers["Content-Security-Policy"] = _POLICY
    return allow_framing(response, ("'self'",))
