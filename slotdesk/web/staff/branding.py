"""Branding: logo, colours and texts of the pages and mails that clients see, with a look at both before saving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from slotdesk.domain.messages.examples import examples_for
from slotdesk.domain.messages.templates import Kind
from slotdesk.domain.messages.templates import render as render_mail
from slotdesk.domain.profile.models import Profile
from slotdesk.domain.profile.operations import remove_logo, save_brand, set_logo
from slotdesk.domain.profile.queries import brand_of_mail, find_logo, get_profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.permissions import Permission, may
from slotdesk.lib.colors import is_color
from slotdesk.lib.pictures import MOST_BYTES, BadPicture, clean_picture
from slotdesk.web.access import staff
from slotdesk.web.middleware import allow_framing
from slotdesk.web.public.brand import style_sheet
from slotdesk.web.staff.as_clients import as_clients_read
from slotdesk.web.staff.brand_advice import advice_on_color, advice_on_header
from slotdesk.web.staff.pages import actor_of, render_page

# Twice the size at which pages show it, for screens with small pixels.
_LOGO = {"most_width": 480, "most_height": 96}
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox; frame-ancestors 'self'"


def _color_field(**options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "color", "class": "form-control form-control-color"})
    return forms.CharField(max_length=7, widget=widget, **options)


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    color = _color_field(label=gettext_lazy("Colour"), help_text=gettext_lazy("Of buttons, chosen times and links."))
    has_header = forms.BooleanField(
        label=gettext_lazy("Give the header a colour"),
        required=False,
        help_text=gettext_lazy("A band above pages and mails."),
    )
    header_color = _color_field(
        label=gettext_lazy("Header colour"),
        required=False,
        help_text=gettext_lazy("The same on light and on dark devices, so that the logo fits."),
    )
    privacy_url = forms.URLField(
        label=gettext_lazy("Link to your privacy notice"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Below every page and mail for clients."),
    )

    class Meta:
        model = Profile
        fields = ("greeting", "footer")
        labels = {"greeting": gettext_lazy("Greeting"), "footer": gettext_lazy("Footer")}  # noqa: RUF012
        help_texts = {  # noqa: RUF012
            "greeting": gettext_lazy("Above the times. Up to 300 characters."),
            "footer": gettext_lazy(
                "Below every page and mail for clients, such as your address. Up to 300 characters."
            ),
        }
        widgets = {  # noqa: RUF012
            "greeting": forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
            "footer": forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        header = self.instance.header_color
        self.initial.update(privacy_url=self.instance.privacy_url, has_header=bool(header))
        # Whoever begins with a header begins with the colour that they have.
        self.initial["header_color"] = header or self.initial["color"]

    def clean_privacy_url(self) -> str:
        url: str = self.cleaned_data["privacy_url"]
        self.instance.privacy_url = url
        return url

    def clean_color(self) -> str:
        return _read_color(self.cleaned_data["color"])

    def clean_header_color(self) -> str:
        color = _read_color(self.cleaned_data["header_color"]) if self.cleaned_data["has_header"] else ""
        self.instance.header_color = color
        return color


def _read_color(text: str) -> str:
    if not is_color(text):
        raise forms.ValidationError(gettext("Write it as # and six digits or letters a to f, such as #1f5eff."))
    return text.lower()


@require_http_methods(["GET", "POST"])
@staff(Permission.BRANDING_VIEW)
def edit(request: HttpRequest) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    member, now = request.member, timezone.now()  # type: ignore[attr-defined]
    can_edit = may(member.role, Permission.BRANDING_EDIT)
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    account, profile = Account.objects.get(pk=member.account_id), get_profile(member.account)
    form = BrandForm(request.POST or None, instance=profile, initial={"color": account.brand_color})
    if request.method == "POST" and form.is_valid():
        account.brand_color = form.cleaned_data["color"]
        save_brand(account=account, profile=form.instance, actor=actor_of(request), now=now)
        messages.success(request, gettext("Saved. Clients see it from the next page and mail on."))
        return redirect("staff:branding")
    return _page(request, account, form, can_edit=can_edit, status=422 if form.errors else 200)


@require_POST
@staff(Permission.BRANDING_EDIT)
def change_logo(request: HttpRequest) -> HttpResponse:
    """With a file: show it. Without: show none. What is no picture is refused, and the old one stays."""
    account = request.member.account  # type: ignore[attr-defined]
    actor, now, file = actor_of(request), timezone.now(), request.FILES.get("logo")
    if not isinstance(file, UploadedFile):
        if "remove" in request.POST:
            remove_logo(account=account, actor=actor, now=now)
            messages.success(request, gettext("The logo is removed."))
        else:
            messages.error(request, gettext("Logo: choose a file first."))
        return redirect("staff:branding")
    try:
        picture = clean_picture(file.read(MOST_BYTES + 1), **_LOGO)
    except BadPicture as error:
        messages.error(request, gettext("Logo: %(error)s") % {"error": error})
    else:
        set_logo(account=account, picture=picture, actor=actor, now=now)
        messages.success(request, gettext("The logo is saved."))
    return redirect("staff:branding")


@require_GET
@staff(Permission.BRANDING_VIEW)
def show_contrast(request: HttpRequest) -> HttpResponse:
    """How well the colour can be read, for the page while somebody chooses."""
    return render(request, "staff/branding/_contrast.html", advice_on_color(request.GET.get("color", "")))


@require_GET
@staff(Permission.BRANDING_VIEW)
def show_header_contrast(request: HttpRequest) -> HttpResponse:
    """The same of the header's colour, and whether the logo can be seen on it."""
    color = request.GET.get("header_color", "") if "has_header" in request.GET else ""
    account = request.member.account  # type: ignore[attr-defined]
    context = {"header": _header_advice(get_profile(account), color)}
    return render(request, "staff/branding/_header_contrast.html", context)


@require_GET
@staff(Permission.BRANDING_VIEW)
def preview_page(request: HttpRequest) -> HttpResponse:
    """A booking page as it would look with what is entered."""
    account, profile = _draft(request, request.GET)
    context = {"account": account, "profile": profile, "color": account.brand_color.removeprefix("#")}
    with as_clients_read(account):
        return allow_framing(render(request, "staff/branding/preview.html", context), ("'self'",))


@require_GET
@staff(Permission.BRANDING_VIEW)
def preview_mail(request: HttpRequest) -> HttpResponse:
    """A confirmation as it would look with what is entered."""
    account, profile = _draft(request, request.GET)
    brand = brand_of_mail(account, profile, public_url=request.build_absolute_uri("/").rstrip("/"))
    with as_clients_read(account):
        values = examples_for(account, Kind.CONFIRMATION, now=timezone.now())
        values["appointment"]["meeting_url"] = ""  # the example is a phone call
        mail = render_mail(Kind.CONFIRMATION, values | {"brand": brand})
    response = HttpResponse(mail.html, headers={"Content-Security-Policy": _MAIL_POLICY})
    return allow_framing(response, ("'self'",))


@require_GET
@staff(Permission.BRANDING_VIEW)
def preview_colors(request: HttpRequest) -> HttpResponse:
    """The colours of the preview."""
    color, header = (f"#{request.GET.get(name, '')}" for name in ("color", "header"))
    return HttpResponse(style_sheet(color, header), content_type="text/css; charset=utf-8")


def _page(request: HttpRequest, account: Account, form: BrandForm, *, can_edit: bool, status: int) -> HttpResponse:
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    stored = get_profile(account)
    query = QueryDict(mutable=True)
    query.update({name: str(form[name].value() or "") for name in form.fields})
    context = {"form": form, "profile": stored, "account": account, "can_edit": can_edit, "query": query.urlencode()}
    context |= advice_on_color(str(form["color"].value()))
    header = str(form["header_color"].value() or "") if form["has_header"].value() else ""
    context["header"] = _header_advice(stored, header)
    return render_page(request, "staff/branding/edit.html", context, now=timezone.now(), status=status)


def _header_advice(stored: Profile, color: str) -> dict[str, Any]:
    logo = find_logo(account_id=stored.account.public_id, digest=stored.logo_digest) if stored.logo_digest else None
    return advice_on_header(color, logo=logo)


def _draft(request: HttpRequest, entered: QueryDict) -> tuple[Account, Profile]:
    """The account and its profile with what is entered, nothing of it stored."""
    account = Account.objects.get(pk=request.member.account_id)  # type: ignore[attr-defined]
    profile = get_profile(account)
    form = BrandForm(entered, instance=profile, initial={"color": account.brand_color})
    form.is_valid()  # what is wrong is left as it was
    color = entered.get("color", "")
    account.brand_color = color if is_color(color) else account.brand_color
    account.profile = profile
    return account, profile
