from datetime import UTC, datetime

import httpx
import pytest

from sandbox.mail.records import Filter
from sandbox.mail.server import Running
from sandbox.mail.tests.mails import confirmation, send, simple


class TestMessages:
    def test_finds_by_recipient_and_subject_newest_first(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, simple(subject="Please schedule 100%"))
        send(catcher, simple(subject="Reminder"))
        send(catcher, simple(subject="Reminder", to="other@contoso.example"))

        everything = browser.get("/api/messages", params={"to": "SAM@contoso.example"}).json()
        reminders = browser.get("/api/messages", params={"to": "sam@contoso.example", "subject": "remind"}).json()
        percent = browser.get("/api/messages", params={"subject": "0%"}).json()

        assert [message["subject"] for message in everything["messages"]] == ["Reminder", "Please schedule 100%"]
        assert reminders["total"] == percent["total"] == 1

    def test_finds_what_came_since(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, simple(subject="old"))
        between = datetime.now(UTC).isoformat()
        old = browser.get("/api/messages").json()["messages"][0]
        send(catcher, simple(subject="new"))

        by_time = browser.get("/api/messages", params={"since": between}).json()
        by_id = browser.get("/api/messages", params={"after": old["id"]}).json()

        assert [message["subject"] for message in by_time["messages"]] == ["new"]
        assert [message["subject"] for message in by_id["messages"]] == ["new"]

    def test_pages(self, catcher: Running, browser: httpx.Client) -> None:
        for number in range(3):
            send(catcher, simple(subject=str(number)))

        first = browser.get("/api/messages", params={"per_page": 2}).json()
        second = browser.get(first["next"]).json()

        assert [message["subject"] for message in first["messages"] + second["messages"]] == ["2", "1", "0"]
        assert second["next"] is None

    def test_gives_one_message_in_full(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, confirmation())
        [message] = browser.get("/api/messages").json()["messages"]

        full = browser.get(f"/api/messages/{message['id']}").json()
        source = browser.get(f"/api/messages/{message['id']}/source")

        assert full["subject"] == "Your appointment is confirmed: Monday, 9:30 AM – café ✓"
        assert {"name": "Message-ID", "value": "<booked-4711@example.net>"} in full["headers"]
        assert full["links"] == ["https://example.net/b/4711?a=1&b=2"]
        assert [part["filename"] for part in full["attachments"]] == ["logo.png", "invite.ics", "invite.ics"]
        assert browser.get(full["attachments"][1]["url"]).text.startswith("BEGIN:VCALENDAR")
        assert full["has_invitation"]
        assert full["is_unread"]
        assert source.content.startswith(b"From: Priya Nair")

    def test_forgets_everything_or_empties_one_mailbox(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, simple(message_id="<one@example.net>"), to=["a@x.example", "b@x.example"])

        browser.delete("/api/messages", params={"to": "a@x.example"})
        left, known = browser.get("/api/messages").json(), browser.get("/api/deliveries").json()
        browser.delete("/api/messages")

        assert [message["mailbox"] for message in left["messages"]] == ["b@x.example"]
        assert len(known["deliveries"]) == 2
        assert browser.get("/api/messages").json()["total"] == 0
        assert browser.get("/api/deliveries").json()["deliveries"] == []
        send(catcher, simple(message_id="<one@example.net>"), to=["a@x.example"])
        assert catcher.store.count_messages(Filter()) == 1

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x", "per_page=501", "since=yesterday", "since=2026-01-01T00:00:00", "after=-1"]
    )
    def test_names_the_parameter_it_cannot_read(self, browser: httpx.Client, query: str) -> None:
        answer = browser.get(f"/api/messages?{query}")

        assert answer.status_code == 400
        assert query.split("=")[0] in answer.json()["error"]

    def test_says_when_a_message_is_gone(self, browser: httpx.Client) -> None:
        for path in ("/api/messages/999", "/api/messages/999/source", "/messages/999", "/messages/999/html"):
            assert browser.get(path).status_code == 404


class TestDeliveries:
    def test_lists_every_attempt_by_mailbox_and_message_id(self, catcher: Running, browser: httpx.Client) -> None:
        for _ in range(2):
            send(catcher, simple(message_id="<one@example.net>"))
        send(catcher, simple(message_id="<two@example.net>"))

        found = browser.get("/api/deliveries", params={"to": "sam@contoso.example", "message_id": "<one@example.net>"})

        assert [delivery["outcome"] for delivery in found.json()["deliveries"]] == ["duplicate", "kept"]
