from __future__ import annotations

import gzip
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from prometheus_client import REGISTRY

from slotdesk.lib.addresses import parse_networks
from slotdesk.lib.http import BadUrl, Door, Forbidden, NetworkFault, Reply, TimedOut, TooLarge
from slotdesk.lib.tests.answering import Answer, answering, in_turn

LOOPBACK = parse_networks(["127.0.0.0/8"])


@pytest.fixture
def door() -> Door:
    return Door(allowed_private=LOOPBACK, deadline=5)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server of our own: host → the addresses it gives, one per question."""
    book: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **options: Any) -> Any:
        return real(book[host].pop(0) if host in book else host, port, *args, **options)

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    return book


class TestRequest:
    def test_returns_status_headers_and_the_unpacked_body(self, door: Door) -> None:
        body = gzip.compress(b'{"id": 7}')
        with answering(in_turn(Answer(201, body, {"Content-Encoding": "gzip", "X-Kind": "thing"}))) as server:
            reply = door.request("POST", f"{server.url}/things", label="test", params={"a": "b c"}, json={"n": 1})

        assert (reply.status, reply.json(), reply.headers["x-kind"]) == (201, {"id": 7}, "thing")
        assert (server.seen[0].method, server.seen[0].path) == ("POST", "/things?a=b+c")
        assert server.seen[0].body == b'{"n":1}'
        assert server.seen[0].headers["user-agent"] == "Slotdesk"

    def test_uses_one_connection_for_calls_that_follow_each_other(self, door: Door) -> None:
        with answering(in_turn(Answer())) as server:
            door.request("GET", server.url, label="test")
            Door(allowed_private=LOOPBACK).request("GET", server.url, label="test")

        assert server.seen[0].port == server.seen[1].port

    def test_keeps_no_cookie_for_the_next_call(self, door: Door) -> None:
        with answering(in_turn(Answer(headers={"Set-Cookie": "session=secret; Path=/"}))) as server:
            door.request("GET", server.url, label="test")
            door.request("GET", server.url, label="test")

        assert "cookie" not in server.seen[1].headers

    def test_refuses_a_reply_longer_than_the_cap_also_when_it_is_packed(self) -> None:
        door = Door(allowed_private=LOOPBACK, max_bytes=1000)
        bomb = gzip.compress(b"0" * 5000)
        with (
            answering(in_turn(Answer(body=bomb, headers={"Content-Encoding": "gzip"}))) as server,
            pytest.raises(TooLarge),
        ):
            door.request("GET", server.url, label="test")

    @pytest.mark.parametrize(
        "url", ["ftp://example.org", "file:///etc/passwd", "//example.org", "http://a:b@example.org"]
    )
    def test_refuses_what_is_no_plain_web_address(self, door: Door, url: str) -> None:
        with pytest.raises(BadUrl):
            door.request("GET", url, label="test")

    def test_counts_calls_by_label_and_outcome(self, door: Door) -> None:
        with answering(in_turn(Answer(404))) as server:
            door.request("GET", server.url, label="counted")

        assert REGISTRY.get_sample_value("outbound_http_requests_total", {"label": "counted", "outcome": "4xx"}) == 1
        assert REGISTRY.get_sample_value("outbound_http_seconds_count", {"label": "counted"}) == 1

    def test_serves_many_threads_at_once(self, door: Door) -> None:
        statuses: list[int] = []

        with answering(in_turn(Answer())) as server:
            threads = [
                threading.Thread(target=lambda: statuses.append(door.request("GET", server.url, label="test").status))
                for _ in range(20)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        assert statuses == [200] * 20


class TestRetries:
    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_asks_again_when_the_server_is_busy(self, door: Door, status: int) -> None:
        with answering(in_turn(Answer(status, headers={"Retry-After": "0"}), Answer())) as server:
            assert door.request("GET", server.url, label="test").status == 200

        assert len(server.seen) == 2

    def test_asks_again_after_a_dropped_connection(self, door: Door) -> None:
        with answering(in_turn(Answer(drop=True), Answer())) as server:
            assert door.request("GET", server.url, label="test").status == 200

    def test_gives_the_last_reply_back_when_the_server_stays_busy(self, door: Door) -> None:
        with answering(in_turn(Answer(503, headers={"Retry-After": "0"}))) as server:
            assert door.request("GET", server.url, label="test").status == 503

        assert len(server.seen) == 4

    def test_never_repeats_a_post_by_itself(self, door: Door) -> None:
        with answering(in_turn(Answer(503, headers={"Retry-After": "0"}))) as server:
            assert door.request("POST", server.url, label="test", json={}).status == 503
        with answering(in_turn(Answer(drop=True))) as dropping, pytest.raises(NetworkFault):
            door.request("POST", dropping.url, label="test", json={})

        assert len(server.seen) == len(dropping.seen) == 1

    def test_repeats_a_post_that_the_caller_calls_idempotent(self, door: Door) -> None:
        with answering(in_turn(Answer(drop=True), Answer())) as server:
            reply = door.request("POST", server.url, label="test", json={"n": 1}, is_idempotent=True)

        assert (reply.status, server.seen[1].body) == (200, b'{"n":1}')

    def test_hands_back_a_wait_that_would_end_after_the_deadline_without_waiting(self, door: Door) -> None:
        with answering(in_turn(Answer(429, headers={"Retry-After": "3600"}))) as server:
            reply = door.request("GET", server.url, label="test")

        assert (reply.status, reply.retry_after, len(server.seen)) == (429, 3600, 1)


class TestRetryAfter:
    def test_reads_seconds_and_dates_and_tells_when_there_is_none(self) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)

        assert Reply(429, {"retry-after": "30"}, b"").retry_after == 30
        assert 500 < (Reply(429, {"retry-after": later}, b"").retry_after or 0) <= 600
        assert Reply(429, {"retry-after": "soon"}, b"").retry_after is None
        assert Reply(429, {}, b"").retry_after is None


class TestDeadline:
    def test_ends_a_call_to_a_server_that_accepts_and_says_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimedOut):
            Door(allowed_private=LOOPBACK, deadline=0.2).request(
                "GET", f"http://127.0.0.1:{silent.getsockname()[1]}", label="test"
            )

    def test_ends_a_call_to_a_server_that_drips_its_headers(self) -> None:
        stop = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def drip() -> None:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not stop.wait(0.02):
                        try:
                            connection.sendall(b"a")
                        except OSError:
                            return

            thread = threading.Thread(target=drip)
            thread.start()
            try:
                with pytest.raises(TimedOut):
                    Door(allowed_private=LOOPBACK, deadline=0.3).request(
                        "GET", f"http://127.0.0.1:{listener.getsockname()[1]}", label="test"
                    )
            finally:
                stop.set()
                thread.join()

    def test_ends_a_call_whose_name_server_is_dead(self, monkeypatch: pytest.MonkeyPatch) -> None:
        is_over = threading.Event()
        monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: is_over.wait(10))
        try:
            with pytest.raises(TimedOut):
                Door(deadline=0.2).request("GET", "https://psa.example", label="test")
        finally:
            is_over.set()

    def test_does_not_call_when_the_shared_deadline_has_passed(self, door: Door) -> None:
        with answering(in_turn(Answer())) as server, pytest.raises(TimedOut):
            door.request("GET", server.url, label="test", until=time.monotonic() - 1)

        assert server.seen == []


class TestForbidden:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1",
            "https://127.0.0.1",
            "https://localhost",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1",
            "https://0x7f000001",
        ],
    )
    def test_refuses_a_private_address(self, url: str) -> None:
        with pytest.raises(Forbidden):
            Door().request("GET", url, label="test")

    def test_refuses_a_public_name_that_leads_to_a_private_address(self, names: dict[str, list[str]]) -> None:
        names["innocent.example"] = ["10.0.0.5"]

        with pytest.raises(Forbidden, match=r"innocent\.example"):
            Door().request("GET", "https://innocent.example", label="test")

    def test_connects_to_the_address_that_was_judged_and_asks_for_no_second(self, names: dict[str, list[str]]) -> None:
        with answering(in_turn(Answer())) as server:
            names["rebound.example"] = ["127.0.0.1", "10.0.0.5"]
            reply = Door(allowed_private=LOOPBACK).request("GET", f"http://rebound.example:{server.port}", label="test")

        assert reply.status == 200
        assert names["rebound.example"] == ["10.0.0.5"]
        assert server.seen[0].headers["host"] == f"rebound.example:{server.port}"

    def test_refuses_plain_http_to_a_public_address(self, names: dict[str, list[str]]) -> None:
        names["open.example"] = ["93.184.216.34"]

        with pytest.raises(Forbidden, match="https"):
            Door(allowed_private=LOOPBACK).request("GET", "http://open.example", label="test")

    def test_does_not_lend_a_connection_to_a_door_that_may_not_open_it(self, door: Door) -> None:
        with answering(in_turn(Answer())) as server:
            door.request("GET", server.url, label="test")
            with pytest.raises(Forbidden):
                Door().request("GET", server.url, label="test")


class TestRedirects:
    def test_are_not_followed_unless_asked(self, door: Door) -> None:
        with answering(in_turn(Answer(302, headers={"Location": "/there"}))) as server:
            assert door.request("GET", server.url, label="test").status == 302

        assert len(server.seen) == 1

    def test_keep_the_headers_within_the_origin_and_lose_them_outside(self, door: Door) -> None:
        with answering(in_turn(Answer())) as other:
            hops = in_turn(
                Answer(301, headers={"Location": "/second"}), Answer(302, headers={"Location": f"{other.url}/third"})
            )
            with answering(hops) as server:
                door.request(
                    "GET", server.url, label="test", headers={"authorization": "Basic x"}, follow_redirects=True
                )

        assert server.seen[1].headers["authorization"] == "Basic x"
        assert other.seen[0].path == "/third"
        assert "authorization" not in other.seen[0].headers

    def test_are_judged_at_each_hop(self, door: Door) -> None:
        with (
            answering(in_turn(Answer(302, headers={"Location": "https://169.254.169.254/"}))) as server,
            pytest.raises(Forbidden),
        ):
            door.request("GET", server.url, label="test", follow_redirects=True)

    def test_end_when_they_go_round_in_circles(self, door: Door) -> None:
        with answering(in_turn(Answer(302, headers={"Location": "/"}))) as server:
            assert door.request("GET", server.url, label="test", follow_redirects=True).status == 302

        assert len(server.seen) == 6
