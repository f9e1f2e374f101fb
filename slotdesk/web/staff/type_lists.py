"""The rows of a type's lists: reminders, reminders before the start, and questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from slotdesk.availability.terms import Unit
from slotdesk.domain.catalog.models import UNIT_WORDS, Question
from slotdesk.domain.messages.models import Template

MOST_REMINDERS = 2
_MOST_OPTIONS = 50
_MOST_OPTION = 120
_MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}
_YEAR = 365 * 24 * 60
BUILT_IN = ("", gettext_lazy("Built-in"))


def split_length(minutes: int) -> dict[str, Any]:
    """Return the length in the longest unit that says it in a whole number."""
    unit = next(unit for unit in ("days", "hours", "minutes") if minutes % _MINUTES[unit] == 0)
    return {"amount": minutes // _MINUTES[unit], "unit": unit}


_LOOKS = {"CheckboxInput": "form-check-input", "Select": "form-select", "HiddenInput": ""}


class _RowForm(forms.Form):
    """Fields that look like the others and know of the error or hint below them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            each.widget.attrs["class"] = _LOOKS.get(type(each.widget).__name__, "form-control")


class ReminderForm(_RowForm):
    """A reminder; `minutes` is how long after the invitation, or before the start."""

    template_choices: Sequence[tuple[str, str | Promise]] = (BUILT_IN,)

    amount = forms.IntegerField(label=gettext_lazy("When"), min_value=1, max_value=_YEAR)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=[(unit, UNIT_WORDS[Unit(unit)]) for unit in _MINUTES], initial="hours"
    )
    template = forms.ChoiceField(label=gettext_lazy("E-mail"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = self.template_choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "amount" in cleaned and "unit" in cleaned and self.minutes > _YEAR:
            self.add_error("amount", gettext("A year at most."))
        return cleaned

    @property
    def minutes(self) -> int:
        return int(self.cleaned_data["amount"]) * _MINUTES[self.cleaned_data["unit"]]


def with_templates(kind: str, templates: Sequence[Template]) -> type[ReminderForm]:
    """Return the form of a reminder for which these of the account's templates can be chosen."""
    choices = [BUILT_IN, *((each.public_id, each.name) for each in templates if each.kind == kind)]
    return type("ReminderForm", (ReminderForm,), {"template_choices": choices})


class QuestionForm(_RowForm):
    """One question; options are entered a line each."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    label = forms.CharField(label=gettext_lazy("Question"), max_length=160)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of answer"), choices=Question.Kind.choices, initial=Question.Kind.TEXT
    )
    help_text = forms.CharField(label=gettext_lazy("Hint below it"), required=False, max_length=250)
    options = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=_MOST_OPTIONS * (_MOST_OPTION + 2),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For a choice: one a line."),
    )
    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    is_written_to_ticket = forms.BooleanField(
        label=gettext_lazy("Write the answer on the ticket"), required=False, initial=True
    )

    def clean_label(self) -> str:
        return " ".join(self.cleaned_data["label"].split())

    def clean_options(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["options"].splitlines())
        options = list(dict.fromkeys(line for line in lines if line))
        if len(options) > _MOST_OPTIONS:
            raise forms.ValidationError(gettext("%(most)s choices at most.") % {"most": _MOST_OPTIONS})
        if any(len(option) > _MOST_OPTION for option in options):
            raise forms.ValidationError(gettext("%(most)s characters a choice at most.") % {"most": _MOST_OPTION})
        return options

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Question.Kind.CHOICE and len(cleaned.get("options", ())) < 2:
            if "options" not in self.errors:
                self.add_error("options", gettext("Give at least two choices, one a line."))
        elif cleaned.get("kind") != Question.Kind.CHOICE:
            cleaned["options"] = []
        return cleaned

    @property
    def checks(self) -> list[BoundField]:
        return [self["is_required"], self["is_written_to_ticket"]]

    def question(self) -> Question:
        """Return the valid row as a question that is not stored."""
        return Question(**self.cleaned_data)


def question_values(question: Question) -> Mapping[str, Any]:
    """What the form of a stored question begins with."""
    return {
        "key": question.key,
        "label": question.label,
        "kind": question.kind,
        "help_text": question.help_text,
        "options": "\n".join(question.options),
        "is_required": question.is_required,
        "is_written_to_ticket": question.is_written_to_ticket,
    }
