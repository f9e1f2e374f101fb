"""What load balancers and Prometheus are told."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture
def stranger() -> Client:
    """A caller that knows an address of ours and no name, as load balancers do."""
    return Client(headers={"host": "10.1.2.3:8000"})


class TestHealthz:
    def test_answers_whatever_the_host_name_and_without_a_database(self, stranger: Client) -> None:
        reply = stranger.get("/healthz")

        assert reply.status_code == 200
        assert reply.json()["status"] == "ok"


@pytest.mark.django_db
class TestReadyz:
    def test_is_ready_with_every_migration(self, stranger: Client) -> None:
        assert stranger.get("/readyz").status_code == 200

    def test_is_not_ready_while_migrations_are_missing(self, stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        forget_that_it_is_up_to_date(monkeypatch)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'workflows'")

        reply = stranger.get("/readyz")

        assert reply.status_code == 503
        assert reply.json()["reason"] == "migrations are missing"


@pytest.mark.django_db(transaction=True)
class TestReadyzWithoutDatabase:
    def test_is_not_ready(self, stranger: Client) -> None:
        connection.close()
        name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "no_such_database"
        try:
            reply = stranger.get("/readyz")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name

        assert reply.status_code == 503
        assert reply.json()["reason"] == "the database does not answer"


@pytest.mark.django_db
class TestMetrics:
    def test_are_hidden_from_everybody_at_first(self, client: Client) -> None:
        assert client.get("/metrics").status_code == 404

    def test_are_shown_to_the_holder_of_the_token(self, client: Client, settings: Settings) -> None:
        settings.METRICS_TOKEN = "letmein"

        assert client.get("/metrics", headers={"authorization": "Bearer letmein"}).status_code == 200
        assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
        assert client.get("/metrics").status_code == 404

    def test_are_shown_to_a_network(self, client: Client, settings: Settings) -> None:
        settings.METRICS_NETWORKS = (ip_network("192.0.2.0/24"),)

        assert client.get("/metrics", REMOTE_ADDR="192.0.2.9").status_code == 200
        assert client.get("/metrics", REMOTE_ADDR="198.51.100.1").status_code == 404

    def test_tell_of_the_queue_the_steps_and_the_requests(self, client: Client, settings: Settings) -> None:
        settings.METRICS_TOKEN = "letmein"
        client.get("/no/such/page/at/all/")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'count_me', 0, NULL, NULL, '{}',"
                " now() - interval '1 minute')]::procrastinate_job_to_defer_v1[])"
            )

        text = client.get("/metrics", headers={"authorization": "Bearer letmein"}).content.decode()

        assert "slotdesk_database_up 1.0" in text
        assert 'slotdesk_jobs{queue="default",status="todo"} 1.0' in text
        assert "slotdesk_oldest_job_seconds 60.0" in text
        assert "slotdesk_oldest_due_step_seconds 0.0" in text
        assert 'slotdesk_http_request_seconds_count{method="GET",route="none",status="404"}' in text


def forget_that_it_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the process look at the migrations again, as one that has just started."""
    import threading

    from slotdesk.config import probes

    monkeypatch.setattr(probes, "_found_up_to_date", threading.Event())
