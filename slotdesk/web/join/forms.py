"""What somebody new enters to join."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext, gettext_lazy

from slotdesk.domain.people.details import is_misleading
from slotdesk.domain.tenants.models import User


class JoinForm(forms.Form):
    """email: the address that was invited; the password may not be like it."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Your name"))
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least 10 characters. A few words that only you would put together are easy to keep."
        ),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if is_misleading(name):
            raise forms.ValidationError(
                gettext("It may not end in “(client)”, which is how the history marks clients.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
