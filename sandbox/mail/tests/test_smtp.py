import smtplib
import socket

import pytest

from sandbox.mail.records import Filter, Outcome
from sandbox.mail.server import Running, running
from sandbox.mail.tests.mails import send, simple


class TestReceiving:
    def test_announces_what_modern_senders_ask_for(self, catcher: Running) -> None:
        with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
            client.ehlo()

            assert client.has_extn("size")
            assert client.has_extn("8bitmime")
            assert client.has_extn("smtputf8")
            assert not client.has_extn("starttls")

    def test_puts_a_copy_into_the_mailbox_of_every_recipient(self, catcher: Running) -> None:
        send(catcher, simple(), to=["Sam@Contoso.example", "hidden@contoso.example"])

        assert {message.mailbox for message in catcher.store.list_messages(Filter())} == {
            "sam@contoso.example",
            "hidden@contoso.example",
        }

    def test_keeps_the_source_byte_for_byte(self, catcher: Running) -> None:
        raw = b"Subject: dots\r\n\r\n.leading dot\r\n..two\r\ncaf\xc3\xa9\r\n"

        send(catcher, raw)

        [message] = catcher.store.list_messages(Filter())
        assert catcher.store.get_source(message.id) == raw

    def test_takes_an_address_outside_ascii(self, catcher: Running) -> None:
        with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
            client.ehlo()
            client.sendmail(
                "a@b.example", ["jürgen@bücher.example"], "Subject: Grüße\r\n\r\nHallo\r\n".encode(), ["SMTPUTF8"]
            )

        [message] = catcher.store.list_messages(Filter(mailbox="JÜRGEN@bücher.example"))
        assert message.subject == "Grüße"

    def test_refuses_an_address_that_is_no_text(self, catcher: Running) -> None:
        with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
            client.ehlo()
            client.mail("a@b.example")
            client.send(b"RCPT TO:<\xff@b.example>\r\n")

            assert client.getreply()[0] == 553

    def test_refuses_a_message_over_the_size_limit_and_takes_the_next(self) -> None:
        with running(size_limit=10_000) as catcher:
            with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
                client.ehlo()
                client.mail("a@b.example")  # without its SIZE, so that the limit is met at the end of DATA
                client.rcpt("c@d.example")
                code, _ = client.data(b"Subject: big\r\n\r\n" + b"line of text\r\n" * 1000)
            send(catcher, simple(subject="small"))

            assert code == 552
            assert [message.subject for message in catcher.store.list_messages(Filter())] == ["small"]


class TestSigningIn:
    def test_takes_any_login_when_none_is_configured(self, catcher: Running) -> None:
        with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
            client.login("anyone", "anything")
            client.send_message(simple())

        assert catcher.store.count_messages(Filter()) == 1

    def test_takes_only_the_configured_login(self) -> None:
        with running(login=("mailer", "secret")) as catcher:
            with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
                with pytest.raises(smtplib.SMTPSenderRefused, match="Authentication required"):
                    client.send_message(simple())
                with pytest.raises(smtplib.SMTPAuthenticationError):
                    client.login("mailer", "wrong")
            with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
                client.login("mailer", "secret")
                client.send_message(simple())

            assert catcher.store.count_messages(Filter()) == 1


class TestDuplicates:
    def test_shows_a_message_id_once_per_mailbox_and_records_every_delivery(self, catcher: Running) -> None:
        for _ in range(2):
            send(catcher, simple(message_id="<one@example.net>"))
        send(catcher, simple(message_id="<one@example.net>"), to=["other@contoso.example"])

        assert catcher.store.count_messages(Filter(mailbox="sam@contoso.example")) == 1
        assert catcher.store.count_messages(Filter(mailbox="other@contoso.example")) == 1
        [shown] = catcher.store.list_messages(Filter(mailbox="sam@contoso.example"))
        second, first = catcher.store.list_deliveries(mailbox="sam@contoso.example")
        assert (first.outcome, second.outcome) == (Outcome.KEPT, Outcome.DUPLICATE)
        assert first.message == second.message == shown.id

    def test_does_not_bring_back_a_message_its_reader_deleted(self, catcher: Running) -> None:
        send(catcher, simple(message_id="<one@example.net>"))
        [shown] = catcher.store.list_messages(Filter())
        catcher.store.delete_message(shown.id)

        send(catcher, simple(message_id="<one@example.net>"))

        assert catcher.store.count_messages(Filter()) == 0

    def test_never_takes_messages_without_an_id_for_the_same(self, catcher: Running) -> None:
        for _ in range(2):
            send(catcher, b"Subject: no id\r\n\r\nsame words\r\n")

        assert catcher.store.count_messages(Filter()) == 2


class TestStopping:
    def test_stops_with_a_sender_and_an_open_page_still_connected(self) -> None:
        with running() as catcher:
            lingering = socket.create_connection((catcher.host, catcher.smtp_port))
            lingering.recv(100)
            page = socket.create_connection((catcher.host, int(catcher.url.rsplit(":", 1)[1])))
            page.sendall(b"GET /changes HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"text/event-stream" in page.recv(4096)

        assert lingering.recv(100) in (b"", b"421")
        lingering.close()
        page.close()
