import smtplib
import threading

import httpx
import pytest

from sandbox.mail.records import Filter, Outcome
from sandbox.mail.server import Running
from sandbox.mail.tests.mails import send, simple


class TestFaults:
    @pytest.mark.parametrize("code", [421, 451, 550])
    def test_refuses_the_next_mails_and_then_takes_them_again(
        self, catcher: Running, browser: httpx.Client, code: int
    ) -> None:
        assert browser.put("/api/faults", json={"refuse": code, "times": 2}).status_code == 200

        for _ in range(2):
            with pytest.raises(smtplib.SMTPDataError) as refusal:
                send(catcher, simple(message_id="<one@example.net>"))
            assert refusal.value.smtp_code == code
        send(catcher, simple(message_id="<one@example.net>"))

        assert catcher.store.count_messages(Filter()) == 1
        assert [delivery.outcome for delivery in catcher.store.list_deliveries()] == [
            Outcome.KEPT,
            Outcome.REFUSED,
            Outcome.REFUSED,
        ]

    def test_refuses_one_recipient_and_takes_the_others(self, catcher: Running, browser: httpx.Client) -> None:
        browser.put("/api/faults", json={"refuse": 550, "stage": "rcpt", "to": "gone@contoso.example"})

        with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
            refused = client.send_message(simple(), to_addrs=["gone@contoso.example", "sam@contoso.example"])

        assert list(refused) == ["gone@contoso.example"]
        assert [message.mailbox for message in catcher.store.list_messages(Filter())] == ["sam@contoso.example"]

    def test_refuses_until_switched_off(self, catcher: Running, browser: httpx.Client) -> None:
        browser.put("/api/faults", json={"refuse": 451})
        for _ in range(3):
            with pytest.raises(smtplib.SMTPDataError):
                send(catcher, simple())

        browser.put("/api/faults", json={})
        send(catcher, simple())

        assert catcher.store.count_messages(Filter()) == 1

    def test_hangs_up_before_accepting_and_keeps_nothing(self, catcher: Running, browser: httpx.Client) -> None:
        browser.put("/api/faults", json={"drop": "before_accepting", "times": 1})

        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            send(catcher, simple())

        assert catcher.store.count_messages(Filter()) == 0
        assert [delivery.outcome for delivery in catcher.store.list_deliveries()] == [Outcome.DROPPED]

    def test_hangs_up_after_accepting_and_keeps_the_mail(self, catcher: Running, browser: httpx.Client) -> None:
        browser.put("/api/faults", json={"drop": "after_accepting", "times": 1})

        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            send(catcher, simple(message_id="<one@example.net>"))
        send(catcher, simple(message_id="<one@example.net>"))

        assert catcher.store.count_messages(Filter()) == 1
        assert [delivery.outcome for delivery in catcher.store.list_deliveries()] == [Outcome.DUPLICATE, Outcome.KEPT]

    def test_lets_one_sender_wait_while_others_are_served(self, catcher: Running, browser: httpx.Client) -> None:
        browser.put("/api/faults", json={"delay_seconds": 600, "to": "slow@contoso.example"})
        slow = smtplib.SMTP(catcher.host, catcher.smtp_port)
        slow.ehlo()
        slow.mail("a@b.example")
        slow.rcpt("slow@contoso.example")
        slow.docmd("DATA")
        slow.send(b"Subject: slow\r\n\r\nx\r\n.\r\n")

        send(catcher, simple(subject="quick"))

        assert [message.subject for message in catcher.store.list_messages(Filter())] == ["quick"]
        noted = threading.Event()
        catcher.store.listen(noted.set)
        slow.close()
        assert noted.wait(10)
        assert [
            (one.outcome, one.subject) for one in catcher.store.list_deliveries(mailbox="slow@contoso.example")
        ] == [(Outcome.DROPPED, "slow")]

    @pytest.mark.parametrize("body", [{"refuse": 200}, {"drop": "sometimes"}, {"refuze": 451}, {"times": -1}])
    def test_says_what_is_wrong_with_an_unknown_fault(self, browser: httpx.Client, body: dict[str, object]) -> None:
        answer = browser.put("/api/faults", json=body)

        assert answer.status_code == 400
        assert next(iter(body)) in answer.text

    def test_shows_people_that_a_fault_is_on_and_lets_them_end_it(
        self, catcher: Running, browser: httpx.Client
    ) -> None:
        browser.put("/api/faults", json={"refuse": 451, "times": 3})
        assert "Answering 451 to DATA, 3 more times" in browser.get("/").text

        browser.post("/faults/end")

        assert "A fault is switched on" not in browser.get("/").text
        send(catcher, simple())
