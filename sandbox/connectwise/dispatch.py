"""From a method and a path below /apis/3.0 to an answer. Knows the resources; knows nothing of sockets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .access import Caller
from .errors import ApiError, not_found
from .listing import choose_fields, filter_docs, order_docs, page_of
from .psa import Psa, present
from .references import COMPANY
from .resource import Resource
from .resources import RESOURCES
from .store import Doc
from .views import LIST_VIEWS, OBJECT_VIEWS, View


@dataclass(frozen=True, slots=True)
class Call:
    """
    One API call.

    path   below /apis/3.0. url   the address without its query. query   keys in lower case
    """

    method: str
    path: str
    url: str
    query: Mapping[str, str]
    body: Any
    caller: Caller
    forward_only: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a JSON body (None with 204) and headers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


Ids = dict[str, int]
Handler = Callable[[Psa, Call, Ids], Answer]


class Dispatcher:
    """The table of every path, tried in order."""

    def __init__(self) -> None:
        self._routes: list[tuple[re.Pattern[str], dict[str, Handler]]] = []
        for path, view in LIST_VIEWS.items():
            self._add(path, {"GET": _listing_of(view)})
            self._add(path + "/count", {"GET": _count_of(view)})
        for path, view in OBJECT_VIEWS.items():
            self._add(path, {"GET": _object_of(view)})
        self._add("/schedule/entries/{id}/{notify:true|false}", {"DELETE": _delete_entry_notifying})
        for resource in RESOURCES:
            self._add_resource(resource)

    def _add(self, path: str, handlers: dict[str, Handler]) -> None:
        pattern = re.sub(r"\{notify:[^}]*\}", "(?:true|false)", path)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>\\d+)", pattern)
        self._routes.append((re.compile(pattern, re.IGNORECASE), handlers))

    def _add_resource(self, resource: Resource) -> None:
        bound = _Bound(resource)
        many = {"L": ("GET", bound.list), "C": ("POST", bound.create)}
        one = {"R": ("GET", bound.read)}
        self._add(resource.path, dict(many[verb] for verb in many if verb in resource.verbs))
        self._add(resource.path + "/count", {"GET": bound.count})
        if "S" in resource.verbs:
            self._add(resource.path + "/search", {"POST": bound.search})
        handlers: dict[str, Handler] = dict(one[verb] for verb in one if verb in resource.verbs)
        if "U" in resource.verbs:
            handlers |= {"PATCH": bound.patch, "PUT": bound.replace}
        if "D" in resource.verbs:
            handlers["DELETE"] = bound.delete
        if handlers:
            self._add(resource.path + "/{id}", handlers)

    def answer(self, psa: Psa, call: Call) -> Answer:
        """Raises ApiError: 403 by role, 404 for a path that is not, 405 for a method that is not."""
        path = call.path.rstrip("/")
        for pattern, handlers in self._routes:
            match = pattern.fullmatch(path)
            if not match:
                continue
            call.caller.require(call.method, path)
            if handler := handlers.get(call.method):
                return handler(psa, call, {name: int(value) for name, value in match.groupdict().items()})
            raise ApiError(405, "MethodNotAllowed", f"The requested resource does not support {call.method}.")
        raise ApiError(404, "NotFound", f"No resource was found at {call.path}")


class _Bound:
    """The verbs of one resource."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def list(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        return _listing(self._docs(psa, ids), call, extra=self._resource.fields)

    def count(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        return _counted(self._docs(psa, ids), call, extra=self._resource.fields)

    def search(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        if not isinstance(call.body, dict):
            raise ApiError(400, "InvalidObject", "The request body must be an object with conditions.")
        asked = {key.lower(): str(value) for key, value in call.body.items() if value is not None}
        return _listing(self._docs(psa, ids), call, extra=self._resource.fields, query={**call.query, **asked})

    def create(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        self._check_parent(psa, ids)
        parents: Doc = {}
        for path, name in self._resource.parents.items():
            field, _, inner = path.partition("/")
            parents[field] = COMPANY.to(psa.store.get("companies", ids[name])) if inner else ids[name]
        return Answer(201, present(self._resource, psa.create(self._resource, parents, call.body, call.caller)))

    def read(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        shown = present(self._resource, self._one(psa, ids))
        return Answer(200, choose_fields(shown, call.query.get("fields", "")))

    def patch(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        changed = psa.patch(self._resource, self._one(psa, ids), call.body, call.caller)
        return Answer(200, present(self._resource, changed))

    def replace(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        changed = psa.replace(self._resource, self._one(psa, ids), call.body, call.caller)
        return Answer(200, present(self._resource, changed))

    def delete(self, psa: Psa, call: Call, ids: Ids) -> Answer:
        psa.delete(self._resource, self._one(psa, ids), call.caller)
        return Answer(204, None)

    def _docs(self, psa: Psa, ids: Ids) -> Sequence[Doc]:
        self._check_parent(psa, ids)
        docs = psa.store.all(self._resource.collection)
        return [present(self._resource, doc) for doc in docs if self._belongs(doc, ids)]

    def _one(self, psa: Psa, ids: Ids) -> Doc:
        self._check_parent(psa, ids)
        doc = psa.store.find(self._resource.collection, ids["id"])
        if doc is None or not self._belongs(doc, ids):
            raise not_found(self._resource.noun, ids["id"])
        return doc

    def _belongs(self, doc: Doc, ids: Ids) -> bool:
        for path, name in self._resource.parents.items():
            first, _, inner = path.partition("/")
            held = doc.get(first)
            if (held.get(inner) if inner and isinstance(held, dict) else held) != ids[name]:
                return False
        return all(doc.get(key) in allowed for key, allowed in self._resource.where.items())

    def _check_parent(self, psa: Psa, ids: Ids) -> None:
        if not self._resource.parent_collection:
            return
        name = next(iter(self._resource.parents.values()))
        parent = psa.store.find(self._resource.parent_collection, ids[name])
        kind = self._resource.path.split("/")[1]
        is_other_kind = (
            parent is not None
            and self._resource.parent_collection == "tickets"
            and (parent["recordType"] == "ServiceTicket") is not (kind == "service")
        )
        if parent is None or is_other_kind:
            raise not_found(self._resource.parent_collection, ids[name])


def _listing(
    docs: Sequence[Doc], call: Call, *, extra: frozenset[str] = frozenset(), query: Mapping[str, str] | None = None
) -> Answer:
    query = call.query if query is None else query
    known = _known(docs, extra)
    found = filter_docs(docs, query, known)
    if not call.forward_only:
        found = order_docs(found, query.get("orderby", ""), known)
    page, headers = page_of(found, query, url=call.url, forward_only=call.forward_only)
    fields = query.get("fields", "")
    return Answer(200, [choose_fields(doc, fields) for doc in page], headers)


def _counted(docs: Sequence[Doc], call: Call, *, extra: frozenset[str] = frozenset()) -> Answer:
    return Answer(200, {"count": len(filter_docs(docs, call.query, _known(docs, extra)))})


def _known(docs: Sequence[Doc], extra: frozenset[str]) -> Callable[[str], bool]:
    def known(name: str) -> bool:
        # An empty list says nothing about which fields there are.
        return not docs or name in extra or any(name in doc for doc in docs)

    return known


def _listing_of(view: View) -> Handler:
    return lambda psa, call, ids: _listing(view(psa, call.caller, ids), call)


def _count_of(view: View) -> Handler:
    return lambda psa, call, ids: _counted(view(psa, call.caller, ids), call)


def _object_of(view: View) -> Handler:
    return lambda psa, call, ids: Answer(200, view(psa, call.caller, ids))


def _delete_entry_notifying(psa: Psa, call: Call, ids: Ids) -> Answer:
    return _Bound(next(r for r in RESOURCES if r.collection == "entries")).delete(psa, call, ids)
