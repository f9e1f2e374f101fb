"""Every address of the product, as the URL table has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """path: such as app/requests/<str:public_id>/; arguments: the names of what is filled in."""

    path: str
    name: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        return self.view.__module__.startswith("slotdesk.")

    @property
    def access(self) -> str:
        """Who may open it, as its decorator says; empty without one."""
        return str(getattr(self.view, "access", ""))


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), "", "", ()))


def _walk(resolver: URLResolver, path: str, namespace: str, arguments: tuple[str, ...]) -> Iterator[Route]:
    for item in resolver.url_patterns:
        here, names = f"{path}{item.pattern}", (*arguments, *item.pattern.converters)
        if isinstance(item, URLPattern):
            yield Route(here, f"{namespace}{item.name or ''}", item.callback, names)
        else:
            yield from _walk(item, here, f"{namespace}{item.namespace}:" if item.namespace else namespace, names)
