"""What is said of one kind of object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .references import Ref
from .store import Doc

if TYPE_CHECKING:
    from .access import Caller
    from .psa import Psa

Prepare = Callable[["Psa", Doc, Doc | None, "Caller"], Doc]
Guard = Callable[["Psa", Doc], None]
Settle = Callable[["Psa", Doc | None, Doc | None, "Caller"], None]


def _keep(_psa: Psa, new: Doc, _old: Doc | None, _caller: Caller) -> Doc:
    return new


def _nothing(_psa: Psa, _new: Doc | None, _old: Doc | None, _caller: Caller) -> None:
    return None


def _anything(_psa: Psa, _doc: Doc) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Resource:
    """
    One kind of object.

    path      with `{boardId}`-like names for the parents. noun   as error bodies call it
    verbs     L list, R read, C create, U change and replace, D delete, S search by POST
    parents   document path → name in `path`: which parent's objects these are, and what a new one gets
    where     a fixed test: service tickets are those of a record type
    fields    what a caller may name in a patch or a condition, beside what documents hold
    lengths   the longest text allowed. hidden   fields this path does not show
    derive    fill in what other fields say, before references are looked up
    prepare   complete and check a document before it is kept; settle   what follows once it is, or is gone
    guard     refuse a deletion
    """

    path: str
    collection: str
    noun: str
    verbs: str = "LR"
    parents: Mapping[str, str] = field(default_factory=dict)
    parent_collection: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    refs: Mapping[str, Ref] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    lengths: Mapping[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    derive: Prepare = _keep
    prepare: Prepare = _keep
    settle: Settle = _nothing
    guard: Guard = _anything


def names(text: str) -> frozenset[str]:
    """A set of names, written one after another."""
    return frozenset(text.split())
