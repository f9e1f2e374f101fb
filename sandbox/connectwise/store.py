"""
The state: documents by collection and id, and two logs. In memory, and written through to one SQLite file when there
is one, so that a second start finds everything.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Doc = dict[str, Any]
LOG_LENGTH = 20_000

_SCHEMA = """
create table if not exists document (collection text, id integer, body text, primary key (collection, id));
create table if not exists counter (name text primary key, last integer);
create table if not exists log (name text, seq integer, body text, primary key (name, seq));
"""


class Store:
    """
    Documents and logs. Documents are never changed in place: put() a new one.

    revision counts every change of a document, so that a screen can ask whether anything happened.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._documents: dict[str, dict[int, Doc]] = defaultdict(dict)
        self._counters: dict[str, int] = defaultdict(int)
        self._logs: dict[str, deque[Doc]] = defaultdict(lambda: deque(maxlen=LOG_LENGTH))
        self.revision = 0
        self._db = sqlite3.connect(str(path or ":memory:"), check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=normal")
        self._db.executescript(_SCHEMA)
        self._load()

    def _load(self) -> None:
        for collection, record_id, body in self._db.execute("select collection, id, body from document order by id"):
            self._documents[collection][record_id] = json.loads(body)
        self._counters.update(self._db.execute("select name, last from counter"))
        for name, body in self._db.execute("select name, body from log order by seq"):
            self._logs[name].append(json.loads(body))

    @property
    def is_empty(self) -> bool:
        return not self._documents

    def all(self, collection: str) -> list[Doc]:
        """Every document of the collection, by id."""
        with self._lock:
            return [doc for _, doc in sorted(self._documents[collection].items())]

    def find(self, collection: str, record_id: Any) -> Doc | None:
        """The document, or None."""
        with self._lock:
            return self._documents[collection].get(record_id) if isinstance(record_id, int) else None

    def get(self, collection: str, record_id: int) -> Doc:
        """The document. Raises KeyError."""
        with self._lock:
            return self._documents[collection][record_id]

    def add(self, collection: str, doc: Doc) -> Doc:
        """Give the document the next id of its collection (ids are never used again) and keep it."""
        with self._lock:
            return self.put(collection, {**doc, "id": self._counters[collection] + 1})

    def put(self, collection: str, doc: Doc) -> Doc:
        """Keep the document under its own id, in place of an earlier one."""
        with self._lock:
            self._documents[collection][doc["id"]] = doc
            self._db.execute("replace into document values (?, ?, ?)", (collection, doc["id"], json.dumps(doc)))
            self._count(collection, doc["id"])
            self.revision += 1
            return doc

    def remove(self, collection: str, record_id: int) -> None:
        """Forget the document. Raises KeyError."""
        with self._lock:
            del self._documents[collection][record_id]
            self._db.execute("delete from document where collection = ? and id = ?", (collection, record_id))
            self.revision += 1

    def append(self, log: str, entry: Doc) -> Doc:
        """Add to a log; the entry gets a `seq` that only grows. Old entries are dropped beyond LOG_LENGTH."""
        with self._lock:
            seq = self._counters[f"log:{log}"] + 1
            entry = {"seq": seq, **entry}
            self._logs[log].append(entry)
            self._db.execute("insert into log values (?, ?, ?)", (log, seq, json.dumps(entry)))
            if seq % 1000 == 0:
                self._db.execute("delete from log where name = ? and seq <= ?", (log, seq - LOG_LENGTH))
            self._count(f"log:{log}", seq)
            return entry

    def entries(self, log: str, since: int = 0) -> list[Doc]:
        """What was logged after `since`, oldest first."""
        with self._lock:
            return [entry for entry in self._logs[log] if entry["seq"] > since]

    def refill(self, collections: Mapping[str, Iterable[Doc]]) -> None:
        """Forget everything, logs too, and hold these documents. Log numbers go on, so that `since` stays true."""
        with self._lock:
            counters = {name: last for name, last in self._counters.items() if name.startswith("log:")}
            self._documents.clear()
            self._logs.clear()
            self._counters.clear()
            self._db.execute("begin")
            self._db.execute("delete from document")
            self._db.execute("delete from counter")
            self._db.execute("delete from log")
            for name, last in counters.items():
                self._count(name, last)
            for collection, docs in collections.items():
                for doc in docs:
                    self.put(collection, doc)
            self._db.execute("commit")

    def _count(self, name: str, record_id: int) -> None:
        if record_id > self._counters[name]:
            self._counters[name] = record_id
            self._db.execute("replace into counter values (?, ?)", (name, record_id))

    def close(self) -> None:
        with self._lock:
            self._db.close()
