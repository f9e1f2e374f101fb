import re
from datetime import UTC, datetime

import httpx
import pytest

from sandbox.mail.records import Filter
from sandbox.mail.server import Running
from sandbox.mail.tests.mails import confirmation, send, simple


def sent(catcher: Running, html: str) -> int:
    mail = simple(subject="<b>Hello</b>")
    mail.add_alternative(html, subtype="html")
    send(catcher, mail)
    return catcher.store.list_messages(Filter())[0].id


class TestInbox:
    def test_lists_mailboxes_and_messages_and_marks_what_was_read(
        self, catcher: Running, browser: httpx.Client
    ) -> None:
        send(catcher, confirmation())
        [message] = catcher.store.list_messages(Filter())

        before = browser.get("/").text
        browser.get(f"/messages/{message.id}")

        assert "Your appointment is confirmed" in before
        assert "@contoso.example" in before
        assert "Unread:" in before
        assert "Unread:" not in browser.get("/").text
        assert "No message matches" in browser.get("/?unread=1").text

    def test_searches(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, simple(subject="Apples"))
        send(catcher, simple(subject="Pears"))

        page = browser.get("/?q=pear").text

        assert "Pears" in page
        assert "Apples" not in page

    def test_pages_and_survives_an_odd_page_number(self, catcher: Running, browser: httpx.Client) -> None:
        for number in range(51):
            catcher.store.deliver(
                simple(subject=f"mail-{number}").as_bytes(),
                envelope_from="a@b.example",
                mailboxes=["sam@contoso.example"],
                at=catcher.store.list_messages(Filter())[0].received_at if number else _noon(),
            )

        assert "Page 1 of 2" in browser.get("/?page=-3").text
        assert "mail-0<" in browser.get("/?page=2").text
        assert browser.get("/?page=²").status_code == 200

    def test_shows_every_part_of_a_message(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, confirmation())
        [message] = catcher.store.list_messages(Filter())

        tabs = {name: browser.get(f"/messages/{message.id}?tab={name}").text for name in ("text", "headers", "source")}
        html = browser.get(f"/messages/{message.id}").text
        attachments = browser.get(f"/messages/{message.id}?tab=attachments").text

        assert 'href="https://example.net/b/4711?a=1&amp;b=2"' in tabs["text"]
        assert "&lt;booked-4711@example.net&gt;" in tabs["headers"]
        assert "Content-Transfer-Encoding: base64" in tabs["source"]
        assert f'src="/messages/{message.id}/html"' in html
        assert 'sandbox="allow-popups' in html
        assert "Mon 07 Dec 2026, 09:30 to 10:00 (America/New_York)" in html
        assert attachments.count("download>") >= 3

    def test_deletes_one_and_all(self, catcher: Running, browser: httpx.Client) -> None:
        for subject in ("one", "two", "three"):
            send(catcher, simple(subject=subject))
        newest = catcher.store.list_messages(Filter())[0]

        browser.post(f"/messages/{newest.id}/deletion")
        assert catcher.store.count_messages(Filter()) == 2

        browser.post("/deletion")
        assert catcher.store.count_messages(Filter()) == 0

    def test_does_nothing_for_a_form_on_another_site(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, simple())

        answer = browser.post("/deletion", headers={"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403
        assert catcher.store.count_messages(Filter()) == 1

    def test_tells_open_pages_of_a_new_mail(self, catcher: Running, browser: httpx.Client) -> None:
        with browser.stream("GET", "/changes") as changes:
            lines = changes.iter_lines()
            assert next(lines).startswith("retry")
            send(catcher, simple())

            assert "event: changed" in lines

    def test_tells_open_pages_of_a_fault(self, browser: httpx.Client) -> None:
        with browser.stream("GET", "/changes") as changes:
            lines = changes.iter_lines()
            assert next(lines).startswith("retry")
            browser.put("/api/faults", json={"refuse": 451})

            assert "event: changed" in lines


class TestHarmlessness:
    def test_frames_the_mail_without_scripts_origin_or_remote_images(
        self, catcher: Running, browser: httpx.Client
    ) -> None:
        message = sent(catcher, '<img src="https://tracker.example/1.gif"><script>alert(1)</script>')

        policy = browser.get(f"/messages/{message}/html").headers["content-security-policy"]

        directives = dict(item.strip().partition(" ")[::2] for item in policy.split(";"))
        assert directives["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
        assert directives["default-src"] == "'none'"
        assert directives["img-src"] == "data:"
        assert "script-src" not in directives

    def test_says_how_many_remote_images_it_blocked_and_shows_them_when_asked(
        self, catcher: Running, browser: httpx.Client
    ) -> None:
        message = sent(
            catcher,
            '<style>p{background:url(https://a.example/1.png)}</style><img src="//b.example/2.png">'
            '<img src="cid:x"><td background="http://c.example/3.png" style="background:url(\'https://d.example/4\')">',
        )

        assert "4 remote images blocked" in browser.get(f"/messages/{message}").text
        shown = browser.get(f"/messages/{message}/html?images=remote").headers["content-security-policy"]
        assert "img-src data: https: http:;" in shown

    def test_shows_attached_pictures_in_their_place(self, catcher: Running, browser: httpx.Client) -> None:
        send(catcher, confirmation())
        [message] = catcher.store.list_messages(Filter())

        page = browser.get(f"/messages/{message.id}/html").text

        assert 'src="data:image/png;base64,' in page
        assert "cid:" not in page
        assert page.lower().startswith("<!doctype html>")
        assert '<base target="_blank">' in page

    def test_never_shows_an_attachment_as_a_page_of_ours(self, catcher: Running, browser: httpx.Client) -> None:
        name = b"filename*=utf-8''evil%22%0D%0AX:%20y.html"
        send(catcher, b"Content-Type: text/html\r\nContent-Disposition: attachment; " + name + b"\r\n\r\n<script>")
        [message] = catcher.store.list_messages(Filter())

        answer = browser.get(f"/messages/{message.id}/attachments/0")

        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-security-policy"].startswith("sandbox;")
        assert "x" not in answer.headers

    def test_escapes_what_senders_write(self, catcher: Running, browser: httpx.Client) -> None:
        message = sent(catcher, "<p>x</p>")

        for path in (
            "/",
            f"/messages/{message}",
            f"/messages/{message}?tab=headers",
            f"/messages/{message}?tab=source",
        ):
            assert "<b>Hello" not in browser.get(path).text

    @pytest.mark.parametrize("path", ["/", "/static/mailbox.js", "/api/messages", "/nothing"])
    def test_lets_its_own_pages_load_only_from_itself(self, browser: httpx.Client, path: str) -> None:
        answer = browser.get(path)

        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.findall(r"<script>|\son\w+=|style=\"", answer.text)


def _noon() -> datetime:
    return datetime(2026, 12, 1, 12, tzinfo=UTC)
