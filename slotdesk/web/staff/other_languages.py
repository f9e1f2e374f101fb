"""What the account wrote itself, in the other languages that clients read: one page for whatever has such texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from slotdesk.domain.events.own_texts import OwnText, Translations
from slotdesk.domain.tenants.models import Account
from slotdesk.web.staff.pages import actor_of, render_page


class Refused(Exception):
    """The texts cannot be used: `problems` says why, by their names."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class Save(Protocol):
    """Stores the texts of one language, by their names. Raises Refused."""

    def __call__(self, *, language: str, texts: Mapping[str, str], actor: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Owner:
    """
    Whose texts they are.

    name, back   for the page's head, and where it leads back to
    """

    account: Account
    texts: Sequence[OwnText]
    translations: Translations
    name: str
    back: str
    save: Save


@dataclass(frozen=True, slots=True)
class Tab:
    """One language. count: how many of the texts it has."""

    code: str
    name: str
    count: int
    is_open: bool


class TextsForm(forms.Form):
    """A field for each text; empty = the original is shown."""

    def __init__(self, *args: Any, texts: Sequence[OwnText], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        looks = {"class": "form-control", "lang": language, "dir": "auto"}
        for number, text in enumerate(texts):
            rows = min(12, 3 + text.original.count("\n"))
            self.fields[f"text{number}"] = forms.CharField(
                label=text.label,
                required=False,
                max_length=text.most,
                widget=forms.Textarea(attrs={**looks, "rows": rows}) if text.is_long else forms.TextInput(attrs=looks),
            )

    def rows(self, texts: Sequence[OwnText]) -> list[tuple[OwnText, BoundField]]:
        return [(text, self[f"text{number}"]) for number, text in enumerate(texts)]

    def written(self, texts: Sequence[OwnText]) -> dict[str, str]:
        """The valid form's content, by the texts' names."""
        return {text.name: self.cleaned_data[f"text{number}"].strip() for number, text in enumerate(texts)}

    def blame(self, texts: Sequence[OwnText], problems: Mapping[str, str]) -> None:
        for number, text in enumerate(texts):
            if text.name in problems:
                self.add_error(f"text{number}", problems[text.name])


def edit_texts(request: HttpRequest, owner: Owner, *, can_edit: bool) -> HttpResponse:
    """Whoever may not edit sees the same page with its fields locked."""
    if request.method == "POST" and not can_edit:
        raise PermissionDenied
    language = _chosen(request, owner)
    stored = owner.translations.get(language, {})
    initial = {f"text{number}": stored.get(text.name, "") for number, text in enumerate(owner.texts)}
    data = request.POST if request.method == "POST" else None
    form = TextsForm(data, texts=owner.texts, language=language, initial=initial)
    if request.method == "POST" and owner.texts and form.is_valid():
        texts = form.written(owner.texts)
        try:
            owner.save(language=language, texts=texts, actor=actor_of(request), now=timezone.now())
        except Refused as error:
            form.blame(owner.texts, error.problems)
        else:
            messages.success(
                request, gettext("Saved, for clients who read %(language)s.") % {"language": _others(owner)[language]}
            )
            return redirect(f"{request.path}?language={language}")
    if not can_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "owner": owner,
        "form": form,
        "rows": form.rows(owner.texts),
        "language": language,
        "tabs": _tabs(owner, language),
        "original": dict(settings.LANGUAGES).get(owner.account.language, ""),
        "can_edit": can_edit,
    }
    status = 422 if form.errors else 200
    return render_page(request, "staff/other_languages.html", context, now=timezone.now(), status=status)


def _others(owner: Owner) -> dict[str, str]:
    """Every language but the account's own, in which the originals are."""
    return {code: name for code, name in settings.LANGUAGES if code != owner.account.language}


def _chosen(request: HttpRequest, owner: Owner) -> str:
    others = _others(owner)
    named = request.GET.get("language", "")
    return named if named in others else next(iter(others))


def _tabs(owner: Owner, language: str) -> list[Tab]:
    names = {text.name for text in owner.texts}
    return [
        Tab(code, name, len(names & owner.translations.get(code, {}).keys()), code == language)
        for code, name in _others(owner).items()
    ]
