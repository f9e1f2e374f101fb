"""The forms of custom attributes: one to define them, one to fill them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.attributes.models import Attribute
from slotdesk.domain.attributes.operations import KEY_IN_WORDS
from slotdesk.domain.attributes.queries import Filled
from slotdesk.domain.attributes.values import TICKED

_Kind = Attribute.Kind
_STAY = ("subject", "kind", "key")


class AttributeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Of an attribute that is there, key, kind and what it is for are locked."""

    choices = forms.CharField(
        required=False,
        label=gettext_lazy("Choices"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("For a choice only: each on a line of its own, in the order in which they are offered."),
    )

    class Meta:
        model = Attribute
        fields = ("name", "help_text", "subject", "kind", "key")
        labels: ClassVar[dict[str, str | Promise]] = {
            "name": gettext_lazy("Name"),
            "help_text": gettext_lazy("Help"),
            "subject": gettext_lazy("What it belongs to"),
            "kind": gettext_lazy("Kind"),
            "key": gettext_lazy("Key"),
        }
        help_texts: ClassVar[dict[str, str | Promise]] = {
            "name": gettext_lazy("What your people read, such as Site or Skill level."),
            "help_text": gettext_lazy("One line below the field that says what belongs in it."),
            "key": format_lazy(
                gettext_lazy("For e-mail templates. {rule} Empty: made from the name."),
                rule=KEY_IN_WORDS,
            ),
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {"subject": forms.RadioSelect()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        for name, choices in (("subject", Attribute.Subject.choices), ("kind", _Kind.choices)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # no empty one
        self.initial["choices"] = "\n".join(self.instance.choices)
        if self.instance.pk:
            for name in _STAY:
                self.fields[name].disabled = True
            if self.instance.kind != _Kind.CHOICE:
                del self.fields["choices"]
        else:
            self.initial.update(subject=Attribute.Subject.REQUEST, kind=_Kind.TEXT)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].strip()
        return key or slugify(self.cleaned_data.get("name", "")).replace("-", "_")[:40].strip("_")

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        if too_long := next((line for line in lines if len(line) > 80), None):
            raise forms.ValidationError(
                gettext("“%(text)s…” is too long: a choice has at most 80 characters.") % {"text": too_long[:30]}
            )
        return lines

    def attribute(self) -> Attribute:
        """What a valid form defines, not stored yet."""
        attribute: Attribute = self.instance
        attribute.choices = self.cleaned_data.get("choices", attribute.choices)
        return attribute


class ValuesForm(forms.Form):
    """One field for each attribute in use, named by its key; the domain says whether what is entered will do."""

    def __init__(self, data: Mapping[str, Any] | None, *, filled: Sequence[Filled]) -> None:
        super().__init__(data, prefix="attribute")
        for item in filled:
            if item.attribute.archived_at is None:
                self.fields[item.attribute.key] = _field(item)

    def entered(self) -> dict[str, str]:
        """What a valid form says, by key."""
        return {key: _text(value) for key, value in self.cleaned_data.items()}

    def blame(self, problems: Mapping[str, str]) -> None:
        """Tell each problem at its field; of an attribute that was archived meanwhile, above all of them."""
        for key, problem in problems.items():
            self.add_error(key if key in self.fields else None, problem)


def _field(item: Filled) -> forms.Field:
    attribute = item.attribute
    # Help texts of forms are taken for markup, and this one was typed by somebody.
    said: dict[str, Any] = {"label": attribute.name, "help_text": escape(attribute.help_text), "required": False}
    match attribute.kind:
        case _Kind.CHECKBOX:
            return forms.BooleanField(initial=item.value == TICKED, **said)
        case _Kind.CHOICE:
            offered = list(attribute.choices)
            if item.value and item.value not in offered:
                offered.append(item.value)  # one that is not offered any more may stay
            return forms.ChoiceField(
                choices=[("", "–"), *((choice, choice) for choice in offered)], initial=item.value, **said
            )
        case _Kind.DATE:
            widget: forms.Widget = forms.DateInput(attrs={"type": "date"})
        case _Kind.NUMBER:
            widget = forms.TextInput(attrs={"inputmode": "decimal"})
        case _:
            widget = forms.TextInput()
    return forms.CharField(initial=item.value, widget=widget, **said)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return TICKED if value else ""
    return str(value)
