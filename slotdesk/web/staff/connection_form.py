"""A form drawn from an integration's settings model. Secrets are taken, never shown."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from django import forms
from django.utils.translation import gettext
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from slotdesk.domain.connections.setting_words import hint_of, title_of


class ConnectionForm(forms.Form):
    """
    The fields of `model`, in its order. After is_valid(), `values` is the model.

    stored   what the account is connected with now; a secret left empty keeps its stored value
    """

    values: BaseModel

    def __init__(self, *args: Any, model: type[BaseModel], stored: BaseModel | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._model, self._stored = model, stored
        for name, info in model.model_fields.items():
            self.fields[name] = _field(name, info, has_stored=stored is not None)
            if stored is not None and not _is_secret(info):
                self.initial[name] = getattr(stored, name)
            elif info.default is not PydanticUndefined:
                self.initial[name] = info.default

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        entered = {name: self._value(name, info) for name, info in self._model.model_fields.items()}
        try:
            self.values = self._model.model_validate(entered)
        except ValidationError as error:
            for item in error.errors(include_input=False, include_url=False):
                name = str(item["loc"][0]) if item["loc"] else None
                self.add_error(name if name in self.fields else None, _say(item["msg"], item["type"]))
        return cleaned

    def _value(self, name: str, info: FieldInfo) -> Any:
        value = self.cleaned_data.get(name)
        if _is_secret(info) and not value and self._stored is not None:
            return getattr(self._stored, name)
        return value


def _field(name: str, info: FieldInfo, *, has_stored: bool) -> forms.Field:
    label = title_of(name, info)
    help_text = hint_of(info)
    if info.annotation is bool:
        return forms.BooleanField(label=label, help_text=help_text, required=False)
    if get_origin(info.annotation) is Literal:
        return forms.ChoiceField(
            label=label, help_text=help_text, choices=[(value, value) for value in get_args(info.annotation)]
        )
    if _is_secret(info):
        kept = gettext("Stored. Leave it empty to keep it.") if has_stored else help_text
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "placeholder": "••••••••" if has_stored else ""})
        return forms.CharField(label=label, help_text=kept, required=not has_stored, widget=widget, max_length=2000)
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=info.is_required(),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _is_secret(info: FieldInfo) -> bool:
    return info.annotation is SecretStr


def _say(message: str, kind: str) -> str:
    """Pydantic's words, less its own names for things; what it found is never repeated."""
    if kind == "string_pattern_mismatch":
        return gettext("This does not look right; compare it with the description below.")
    return message.removeprefix("Value error, ")
