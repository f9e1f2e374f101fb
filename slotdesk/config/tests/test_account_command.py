"""`slotdesk createaccount`, without anybody to ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DataError
from django.test import Client

from slotdesk.config.account_command import main
from slotdesk.config.command import CommandFailed
from slotdesk.domain.tenants.models import Account, Membership, User
from slotdesk.domain.tenants.scope import active

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """What makes the account Acme IT and its administrator."""
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    return [
        *("--name", "Acme IT", "--country", "gb", "--zone", "Europe/London"),
        *("--admin-email", "Boss@acme.example", "--admin-name", "Robin Boss"),
        *("--password-file", str(tmp_path / "password")),
    ]


class TestCreateAccount:
    def test_makes_an_account_whose_administrator_can_sign_in(self, options: list[str], client: Client) -> None:
        assert main(options) == 0

        account = Account.objects.get(slug="acme-it")
        assert (account.name, account.country, account.zone) == ("Acme IT", "GB", "Europe/London")
        with active(account):
            assert [member.role.key for member in Membership.objects.all()] == ["administrator"]
        assert client.login(email="boss@acme.example", password=PASSWORD)

    def test_refuses_a_name_that_is_taken(self, options: list[str]) -> None:
        main(options)

        with pytest.raises(CommandFailed, match="there is an account 'acme-it' already"):
            main(options)

    def test_refuses_a_weak_password_and_makes_nothing(self, options: list[str], tmp_path: Path) -> None:
        (tmp_path / "password").write_text("password")

        with pytest.raises(CommandFailed, match="too common"):
            main(options)

        assert not Account.objects.exists()
        assert not User.objects.exists()

    def test_leaves_no_account_behind_when_its_administrator_cannot_be_made(self, options: list[str]) -> None:
        with pytest.raises(DataError):
            main([*options, "--admin-name", "R" * 200])

        assert not Account.objects.exists()

    def test_refuses_a_zone_that_is_none(self, options: list[str]) -> None:
        with pytest.raises(CommandFailed, match="Mars/Olympus is no time zone"):
            main([*options, "--zone", "Mars/Olympus"])

    def test_names_the_option_that_nobody_can_be_asked_for(self) -> None:
        with pytest.raises(CommandFailed, match="--name: is required"):
            main([])
