"""The form of a person's or a team's own page: its words, and what is listed in which order."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from slotdesk.domain.links.models import PublicPage
from slotdesk.domain.links.pages import Offer, list_offers
from slotdesk.domain.people.slugs import RULE_IN_WORDS, is_slug
from slotdesk.web.staff.type_rows import Row, Rows

_MOST_ENTRIES = 200


class PageForm(forms.ModelForm):  # type: ignore[type-arg]
    slug = forms.CharField(
        label=gettext_lazy("Address part"),
        max_length=60,
        help_text=format_lazy(
            gettext_lazy("{rule} When it changes, links that are out there stop working."),
            rule=RULE_IN_WORDS,
        ),
    )

    class Meta:
        model = PublicPage
        fields = ("is_on", "title", "text", "description", "is_listed")
        labels: ClassVar[dict[str, str | Promise]] = {
            "is_on": gettext_lazy("The page is on"),
            "title": gettext_lazy("Title"),
            "text": gettext_lazy("Text below it"),
            "description": gettext_lazy("Description for search engines and link previews"),
            "is_listed": gettext_lazy("Search engines may list the page"),
        }
        help_texts: ClassVar[dict[str, str | Promise]] = {
            "is_on": gettext_lazy("Everybody who has the address can open it."),
            "title": gettext_lazy("Empty: “Book a time with” and the name."),
            "description": gettext_lazy("A sentence or two. Empty: the beginning of the text."),
            "is_listed": gettext_lazy("Off, they are asked not to."),
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "description": forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
        }

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].strip()
        if not is_slug(slug):
            raise forms.ValidationError(RULE_IN_WORDS)
        return slug


class EntryForm(forms.Form):
    """One appointment type of the page."""

    type = forms.CharField(max_length=32, widget=forms.HiddenInput)
    is_shown = forms.BooleanField(label=gettext_lazy("On the page"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What the page says of it"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300, "class": "form-control"}),
    )


class PageEditor:
    """The whole form. Without data it shows what is stored."""

    def __init__(self, page: PublicPage, data: QueryDict | None = None, command: str = "") -> None:
        """command: a button that only moves a row, see Rows.keep; without one the form is to be checked."""
        self._offers = {offer.appointment_type.public_id: offer for offer in list_offers(page)}
        self._entries = Rows(EntryForm, "entries", _MOST_ENTRIES)
        initial = {"slug": page.resource.slug}
        self.form = PageForm(None if command else data, instance=page, initial=initial)
        if data is None:
            self._entries.fill(
                [
                    {"type": public_id, "text": offer.text, "is_shown": not offer.is_hidden}
                    for public_id, offer in self._offers.items()
                ]
            )
        elif command:
            entered = {name: each.widget.value_from_datadict(data, {}, name) for name, each in self.form.fields.items()}
            self.form = PageForm(instance=page, initial=entered)
            self._entries.keep(data, command)
        else:
            self._entries.read(data)

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self._entries.is_valid()])

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors) or self._entries.has_errors

    def offers(self) -> list[Offer]:
        """Of the valid form, in its order."""
        return [
            Offer(offer.appointment_type, row.form.cleaned_data["text"].strip(), not row.form.cleaned_data["is_shown"])
            for offer, row in self.rows()
        ]

    def rows(self) -> list[tuple[Offer, Row[EntryForm]]]:
        """What can be booked now, with its row; rows of what no longer can are left out."""
        named = ((self._offers.get(str(row.form["type"].value())), row) for row in self._entries.rows)
        return [(offer, row) for offer, row in named if offer is not None]

    def lock(self) -> None:
        """For those who may look and not change."""
        for each in self.form.fields.values():
            each.disabled = True
        self._entries.disable()
