"""
What staff read of settings that a pydantic model declares: those of vendors and of a workflow's steps.

The model keeps plain texts, marked by gettext_noop; here they are given their words.
"""

from __future__ import annotations

from django.utils.translation import pgettext
from pydantic.fields import FieldInfo


def title_of(name: str, field: FieldInfo) -> str:
    """What the setting is called; one without a title is called by its name."""
    return pgettext("staff", field.title) if field.title else name.replace("_", " ").capitalize()


def hint_of(field: FieldInfo) -> str:
    """What is said below it, empty where that is nothing."""
    return pgettext("staff", field.description) if field.description else ""
