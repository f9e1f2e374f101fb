"""Lists inside the form of a type: their rows are added, moved and removed before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django import forms
from django.http import QueryDict

FormT = TypeVar("FormT", bound=forms.Form)
# Indexes that the page sends back; no list is that long.
_MOST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Row(Generic[FormT]):
    """
    One row.

    index   its name in the form, which stays when it moves
    focus   what of it should have the focus: field, up, down; "" = nothing
    """

    index: int
    form: FormT
    focus: str = ""


@dataclass
class Rows(Generic[FormT]):
    """
    The rows of one list, in the order in which the page shows them.

    Each row sends `{prefix}-row` with its index, and its fields as `{prefix}-{index}-{field}`, so dragging a row to
    another place needs nothing but the page itself.
    """

    form_class: type[FormT]
    prefix: str
    most: int
    rows: list[Row[FormT]] = field(default_factory=list)
    # The button that adds has the focus when the one that was pressed has gone with its row.
    is_adder_focused: bool = False

    def fill(self, initial: Sequence[Mapping[str, Any]]) -> None:
        """Show what is stored."""
        self.rows = [Row(index, self._unbound(index, values)) for index, values in enumerate(initial)]

    def read(self, data: QueryDict) -> None:
        """Take what was entered, to be checked."""
        self.rows = [Row(index, self.form_class(data, prefix=self._name(index))) for index in self._indexes(data)]

    def keep(self, data: QueryDict, command: str) -> None:
        """
        Take what was entered as it is, and do what a button asks.

        command   "{prefix}.add", "{prefix}.up.3", "{prefix}.down.3", "{prefix}.remove.3"; one that names another list
                  or no row does nothing
        """
        order = self._indexes(data)
        name, _, rest = command.partition(".")
        verb, _, text = rest.partition(".")
        index = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else -1
        focus, added = {}, -1
        if name == self.prefix and verb == "add" and len(order) < self.most:
            added = max(order, default=-1) + 1
            order.append(added)
            focus = {added: "field"}
        elif name == self.prefix and index in order:
            place = order.index(index)
            order.remove(index)
            if verb in ("up", "down"):
                place = max(place - 1, 0) if verb == "up" else place + 1
                order.insert(place, index)
                focus = {index: verb if 0 < place < len(order) - 1 else ("down" if place == 0 else "up")}
            self.is_adder_focused = verb == "remove"
        entered = {each: {} if each == added else self._entered(data, each) for each in order}
        self.rows = [Row(each, self._unbound(each, values), focus.get(each, "")) for each, values in entered.items()]
        for row in self.rows:
            if row.focus == "field":
                row.form.visible_fields()[0].field.widget.attrs["autofocus"] = True

    def is_valid(self) -> bool:
        """Check every row, also after one that is wrong."""
        return not [row for row in self.rows if not row.form.is_valid()]

    @property
    def has_errors(self) -> bool:
        return any(row.form.errors for row in self.rows)

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= self.most

    @property
    def forms(self) -> list[FormT]:
        return [row.form for row in self.rows]

    def disable(self) -> None:
        for form in self.forms:
            for each in form.fields.values():
                each.disabled = True

    def _name(self, index: int) -> str:
        return f"{self.prefix}-{index}"

    def _unbound(self, index: int, values: Mapping[str, Any]) -> FormT:
        return self.form_class(initial=dict(values), prefix=self._name(index))

    def _indexes(self, data: QueryDict) -> list[int]:
        sent = data.getlist(f"{self.prefix}-row")
        numbers = [int(text) for text in sent if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS]
        return list(dict.fromkeys(numbers))[: self.most]

    def _entered(self, data: QueryDict, index: int) -> dict[str, Any]:
        form = self._unbound(index, {})
        return {
            name: each.widget.value_from_datadict(data, data, form.add_prefix(name))
            for name, each in form.fields.items()
        }
