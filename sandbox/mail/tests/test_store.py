import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.mail.records import Filter
from sandbox.mail.store import Store
from sandbox.mail.tests.mails import simple

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def deliver(store: Store, subject: str, to: str = "sam@contoso.example") -> None:
    content = simple(subject=subject, message_id=f"<{subject}@example.net>").as_bytes()
    store.deliver(content, envelope_from="a@b.example", mailboxes=[to], at=NOW)


class TestStore:
    def test_keeps_messages_over_a_restart(self, tmp_path: Path) -> None:
        state = tmp_path / "mail.sqlite"
        store = Store(state)
        deliver(store, "before")
        store.close()

        reopened = Store(state)
        deliver(reopened, "before")
        deliver(reopened, "after")

        assert [message.subject for message in reopened.list_messages(Filter())] == ["after", "before"]
        reopened.close()

    def test_lets_the_oldest_make_room(self) -> None:
        store = Store(keep=3)

        for number in range(5):
            deliver(store, f"mail-{number}")

        assert [message.subject for message in store.list_messages(Filter())] == ["mail-4", "mail-3", "mail-2"]
        assert len(store.list_deliveries()) == 5
        store.close()

    def test_finds_words_wherever_they_stand(self) -> None:
        store = Store()
        deliver(store, "printer_offline")
        deliver(store, "printer online")

        assert store.count_messages(Filter(words="PRINTER priya")) == 2
        assert store.count_messages(Filter(words="printer_off")) == 1
        assert store.count_messages(Filter(words="r_o")) == 1
        store.close()

    def test_refuses_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        state = tmp_path / "mail.sqlite"
        state.write_text("this is a letter, not a database, and long enough to be read as one" * 20)

        with pytest.raises(sqlite3.DatabaseError):
            Store(state)
