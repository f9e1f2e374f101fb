# ruff: noqa: S608 - what is put into a statement here is a name from this file; every value is bound
"""The post office's shelves: one SQLite file, or memory. Safe to use from any thread."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from sandbox.mail.reading import Mail, read_mail
from sandbox.mail.records import Delivery, Filter, Mailbox, Message, MessageNotFound, Outcome

DELIVERIES_PER_MESSAGE = 10
WORDS_KEPT = 20_000
MESSAGE_COLUMNS = (
    "id, mailbox, received_at, envelope_from, message_id, sender, recipients, subject, snippet, size, "
    "attachment_count, has_invitation, is_unread"
)


class Store:
    """
    state  the file; None keeps everything in memory.   keep  how many messages stay; the oldest make room.

    Raises sqlite3.Error when the file cannot be used.
    """

    def __init__(self, state: Path | None = None, *, keep: int = 1000) -> None:
        self._keep = keep
        self._lock = RLock()
        self._listeners: set[Callable[[], None]] = set()
        self._db = sqlite3.connect(state or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.executescript(Path(__file__).with_name("schema.sql").read_text())
        except sqlite3.Error:
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # What arrives

    def deliver(
        self, content: bytes, *, envelope_from: str, mailboxes: list[str], at: datetime, detail: str = ""
    ) -> None:
        """
        Put a mail into every mailbox, in one transaction, and record one delivery for each.

        A mailbox that already had this Message-ID gets a record marked duplicate and nothing to show, as large mail
        systems do, also after its reader deleted the first one.
        """
        mail = read_mail(content)
        with self._change() as db:
            source_id = db.execute("INSERT INTO source (content) VALUES (?)", (content,)).lastrowid
            for mailbox in dict.fromkeys(address.lower() for address in mailboxes):
                first = self._first_delivery(mailbox, mail.header("Message-ID"))
                if first is None:
                    outcome = Outcome.KEPT
                    shown = self._add_message(mail, content, source_id, mailbox, envelope_from, at)
                else:
                    outcome, shown = Outcome.DUPLICATE, first
                self._record(mail, content, mailbox, envelope_from, at, outcome, shown, detail)
            self._make_room()

    def record_failure(
        self, content: bytes, *, envelope_from: str, mailboxes: list[str], at: datetime, outcome: Outcome, detail: str
    ) -> None:
        """Note an attempt that left no mail behind. `content` is empty when it ended before DATA."""
        mail = read_mail(content)
        with self._change():
            for mailbox in dict.fromkeys(address.lower() for address in mailboxes):
                self._record(mail, content, mailbox, envelope_from, at, outcome, None, detail)
            self._make_room()

    def _first_delivery(self, mailbox: str, message_id: str) -> int | None:
        if not message_id:
            return None
        row = self._db.execute(
            "SELECT message FROM delivery WHERE mailbox = ? AND message_id = ? AND outcome = ? ORDER BY id LIMIT 1",
            (mailbox, message_id, Outcome.KEPT),
        ).fetchone()
        return row["message"] if row else None

    def _add_message(
        self, mail: Mail, content: bytes, source_id: int | None, mailbox: str, envelope_from: str, at: datetime
    ) -> int | None:
        flat = " ".join(mail.plain.split())
        return self._db.execute(
            "INSERT INTO message (source_id, mailbox, received_at, envelope_from, message_id, sender, recipients, "
            "subject, snippet, words, size, attachment_count, has_invitation) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                source_id,
                mailbox,
                _stamp(at),
                envelope_from,
                mail.header("Message-ID"),
                mail.header("From"),
                mail.header("To"),
                mail.header("Subject"),
                flat[:160],
                flat[:WORDS_KEPT],
                len(content),
                len(mail.attachments),
                any(part.is_calendar for part in mail.attachments),
            ),
        ).lastrowid

    def _record(
        self,
        mail: Mail,
        content: bytes,
        mailbox: str,
        envelope_from: str,
        at: datetime,
        outcome: Outcome,
        message: int | None,
        detail: str,
    ) -> None:
        self._db.execute(
            "INSERT INTO delivery (at, mailbox, envelope_from, message_id, subject, size, outcome, message, detail) "
            "VALUES (?,?,?,?,?,?,?,?,?)",
            (
                _stamp(at),
                mailbox,
                envelope_from,
                mail.header("Message-ID"),
                mail.header("Subject"),
                len(content),
                outcome,
                message,
                detail,
            ),
        )

    def _make_room(self) -> None:
        for table, keep in (("message", self._keep), ("delivery", self._keep * DELIVERIES_PER_MESSAGE)):
            self._db.execute(
                f"DELETE FROM {table} WHERE id <= (SELECT id FROM {table} ORDER BY id DESC LIMIT 1 OFFSET ?)", (keep,)
            )
        self._drop_unused_sources()

    def _drop_unused_sources(self) -> None:
        self._db.execute("DELETE FROM source WHERE id NOT IN (SELECT source_id FROM message)")

    # What is there

    def list_messages(self, which: Filter, *, limit: int = 50, offset: int = 0) -> list[Message]:
        """Newest first."""
        where, values = _where(which)
        rows = self._rows(
            f"SELECT {MESSAGE_COLUMNS} FROM message {where} ORDER BY id DESC LIMIT ? OFFSET ?", *values, limit, offset
        )
        return [_message(row) for row in rows]

    def count_messages(self, which: Filter) -> int:
        where, values = _where(which)
        return int(self._rows(f"SELECT count(*) AS n FROM message {where}", *values)[0]["n"])

    def get_message(self, message: int) -> Message:
        """Raises MessageNotFound."""
        rows = self._rows(f"SELECT {MESSAGE_COLUMNS} FROM message WHERE id = ?", message)
        if not rows:
            raise MessageNotFound(message)
        return _message(rows[0])

    def get_source(self, message: int) -> bytes:
        """The mail as it came over the wire. Raises MessageNotFound."""
        rows = self._rows(
            "SELECT content FROM source JOIN message ON message.source_id = source.id WHERE message.id = ?", message
        )
        if not rows:
            raise MessageNotFound(message)
        return bytes(rows[0]["content"])

    def list_mailboxes(self) -> list[Mailbox]:
        """Every mailbox that holds something, the most recently written to first."""
        rows = self._rows(
            "SELECT mailbox, count(*) AS total, sum(is_unread) AS unread "
            "FROM message GROUP BY mailbox ORDER BY max(id) DESC"
        )
        return [Mailbox(address=row["mailbox"], total=row["total"], unread=row["unread"]) for row in rows]

    def list_deliveries(
        self, *, mailbox: str = "", message_id: str = "", limit: int = 100, offset: int = 0
    ) -> list[Delivery]:
        """Newest first; both filters are exact, the mailbox in any case."""
        rows = self._rows(
            "SELECT * FROM delivery WHERE (? = '' OR mailbox = ?) AND (? = '' OR message_id = ?) "
            "ORDER BY id DESC LIMIT ? OFFSET ?",
            mailbox,
            mailbox.lower(),
            message_id,
            message_id,
            limit,
            offset,
        )
        return [_delivery(row) for row in rows]

    # What a reader does

    def mark_read(self, message: int) -> None:
        with self._lock:
            cursor = self._db.execute("UPDATE message SET is_unread = 0 WHERE id = ? AND is_unread", (message,))
        if cursor.rowcount:
            self._tell()

    def delete_message(self, message: int) -> None:
        """Delete one; nothing happens when it is gone already. Its delivery stays on record."""
        with self._change() as db:
            db.execute("DELETE FROM message WHERE id = ?", (message,))
            self._drop_unused_sources()

    def empty_mailbox(self, mailbox: str) -> None:
        """Delete all its messages. Their deliveries stay on record."""
        with self._change() as db:
            db.execute("DELETE FROM message WHERE mailbox = ?", (mailbox.lower(),))
            self._drop_unused_sources()

    def clear(self) -> None:
        """Forget everything, the record of deliveries too, so that a known Message-ID is new again."""
        with self._change() as db:
            for table in ("message", "source", "delivery"):
                db.execute(f"DELETE FROM {table}")

    # Who wants to know

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener after every change, in the thread that made it; returns what ends that."""
        with self._lock:
            self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _tell(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        self._tell()

    def _rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


def _where(which: Filter) -> tuple[str, list[object]]:
    terms: list[tuple[str, object]] = [("id > ?", which.after)]
    if which.mailbox:
        terms.append(("mailbox = ?", which.mailbox.lower()))
    if which.subject:
        terms.append(("subject LIKE ? ESCAPE '\\'", _containing(which.subject)))
    if which.since:
        terms.append(("received_at >= ?", _stamp(which.since)))
    if which.only_unread:
        terms.append(("is_unread = ?", 1))
    for word in which.words.split():
        everything = "(subject || ' ' || sender || ' ' || recipients || ' ' || mailbox || ' ' || words)"
        terms.append((f"{everything} LIKE ? ESCAPE '\\'", _containing(word)))
    return "WHERE " + " AND ".join(term for term, _ in terms), [value for _, value in terms]


def _containing(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _stamp(moment: datetime) -> str:
    # One width for all, so that text order is time order.
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _message(row: sqlite3.Row) -> Message:
    fields = dict(row) | {
        "received_at": datetime.fromisoformat(row["received_at"]),
        "has_invitation": bool(row["has_invitation"]),
        "is_unread": bool(row["is_unread"]),
    }
    return Message(**fields)


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(**dict(row) | {"at": datetime.fromisoformat(row["at"]), "outcome": Outcome(row["outcome"])})
