"""One page of a list: filter, order, page and choose fields, with the Link header that leads on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from .conditions import compile_child_conditions, compile_conditions, read_path
from .errors import ApiError
from .store import Doc

PAGE_SIZE = 25
PAGE_SIZE_MAXIMUM = 1000


def filter_docs(docs: Sequence[Doc], query: Mapping[str, str], known_field: Callable[[str], bool]) -> list[Doc]:
    """The documents that every condition in the query lets pass. Raises ApiError (400)."""
    found = list(docs)
    if text := query.get("conditions", "").strip():
        test = compile_conditions(text, known_field=known_field)
        found = [doc for doc in found if test(doc)]
    if text := query.get("childconditions", "").strip():
        test = compile_child_conditions(text, known_field=known_field)
        found = [doc for doc in found if test(doc)]
    if text := query.get("customfieldconditions", "").strip():
        test = compile_conditions(text)
        found = [doc for doc in found if any(test(item) for item in doc.get("customFields", ()))]
    return found


def order_docs(docs: Sequence[Doc], order_by: str, known_field: Callable[[str], bool]) -> list[Doc]:
    """The documents in the order asked, by id where that says nothing; missing values come first."""
    ordered = sorted(docs, key=lambda doc: int(doc["id"]))
    for part in reversed([part.split() for part in order_by.split(",") if part.strip()]):
        path, direction = part[0], part[1].lower() if len(part) > 1 else "asc"
        if len(part) > 2 or direction not in ("asc", "desc") or not known_field(path.split("/")[0]):
            raise ApiError(400, "InvalidObject", f"The orderBy is not valid: {order_by[:200]}")
        ordered.sort(key=lambda doc: _sort_key(read_path(doc, path)[0]), reverse=direction == "desc")
    return ordered


def _sort_key(value: Any) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, (int, float)):
        return (1, float(value), "")
    return (2, 0.0, str(value).casefold())


def page_of(
    docs: Sequence[Doc], query: Mapping[str, str], *, url: str, forward_only: bool
) -> tuple[list[Doc], dict[str, str]]:
    """
    The page asked for and its headers.

    query   keys in lower case. url     the list's own address, without a query, for the Link header
    Forward-only pages go by the last id seen and ignore `page` and `orderBy`.
    """
    size = min(_whole(query, "pagesize", PAGE_SIZE), PAGE_SIZE_MAXIMUM)
    kept = {key: value for key, value in query.items() if key not in ("page", "pageid")}
    if forward_only:
        after = _whole(query, "pageid", 0, least=0)
        rest = [doc for doc in sorted(docs, key=lambda doc: int(doc["id"])) if doc["id"] > after]
        page = rest[:size]
        links = {"next": {**kept, "pageId": page[-1]["id"]}} if len(rest) > size else {}
    else:
        number = _whole(query, "page", 1)
        page = list(docs[(number - 1) * size : number * size])
        links = _page_links(kept, number=number, last=max(1, -(-len(docs) // size)))
    if not links:
        return page, {}
    header = ", ".join(f'<{url}?{urlencode(_spelled(params))}>; rel="{rel}"' for rel, params in links.items())
    return page, {"Link": header}


def _page_links(kept: dict[str, Any], *, number: int, last: int) -> dict[str, dict[str, Any]]:
    links: dict[str, dict[str, Any]] = {}
    if number > 1:
        links["first"] = {**kept, "page": 1}
        links["prev"] = {**kept, "page": min(number - 1, last)}
    if number < last:
        links["next"] = {**kept, "page": number + 1}
        links["last"] = {**kept, "page": last}
    return links


_SPELLINGS = {
    name.lower(): name
    for name in ("conditions", "childConditions", "customFieldConditions", "orderBy", "fields", "page", "pageSize")
}


def _spelled(params: Mapping[str, Any]) -> dict[str, Any]:
    return {_SPELLINGS.get(key, key): value for key, value in params.items()}


def _whole(query: Mapping[str, str], key: str, default: int, *, least: int = 1) -> int:
    try:
        number = int(query.get(key, "") or default)
    except ValueError:
        number = least - 1
    if number < least:
        raise ApiError(400, "InvalidObject", f"{_SPELLINGS.get(key, key)} must be a whole number from {least}")
    return number


def choose_fields(doc: Doc, fields: str) -> Doc:
    """Only the fields asked for, `company/name` ones nested; all of them when none is named."""
    chosen: Doc = {}
    for path in (part.strip() for part in fields.split(",")):
        source: Any = doc
        target = chosen
        *parents, last = path.split("/")
        for name in parents:
            source = source.get(name) if isinstance(source, dict) else None
            if not isinstance(source, dict):
                break
            target = target.setdefault(name, {})
        if isinstance(source, dict) and last in source:
            target[last] = source[last]
    return chosen if fields.strip() else doc
