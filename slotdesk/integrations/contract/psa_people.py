"""The PSA contract: companies and contacts."""

from __future__ import annotations

import pytest

from slotdesk.integrations.contract.psa_world import Fault, World
from slotdesk.ports.errors import NotFound, Unreachable


def digits(number: str) -> str:
    """The last ten, which no way of writing a number changes."""
    return "".join(c for c in number if c.isdigit())[-10:]


class PhoneContract:
    def test_replaces_the_preferred_number_and_says_which_it_was(self, world: World) -> None:
        contact = world.make_contact("6145550100", "6145550111")

        before = world.open().update_contact_phone(contact, "+16145550123")

        assert digits(before) == "6145550100"
        assert [digits(number) for number in world.phones_of(contact)] == ["6145550123", "6145550111"]

    def test_adds_a_number_where_there_is_none(self, world: World) -> None:
        contact = world.make_contact()

        assert world.open().update_contact_phone(contact, "+442079460958") == ""

        assert [digits(number) for number in world.phones_of(contact)] == ["2079460958"]

    @pytest.mark.parametrize("known", ["6145550123", "+1 614 555 0123", "(614) 555-0123"])
    def test_leaves_a_number_that_is_there_however_it_is_written(self, world: World, known: str) -> None:
        contact = world.make_contact("6145550100", known)

        assert digits(world.open().update_contact_phone(contact, "+16145550123")) == "6145550123"

        assert list(world.phones_of(contact)) == ["6145550100", known]

    @pytest.mark.parametrize("phones", [(), ("6145550100",)])
    def test_writes_it_once_though_the_answer_was_lost(self, world: World, phones: tuple[str, ...]) -> None:
        contact, method = world.make_contact(*phones), "PATCH" if phones else "POST"
        try:
            with world.failing(Fault.LOST_ANSWER, method=method, of="contacts"):
                world.open().update_contact_phone(contact, "+16145550123")
        except Unreachable:
            world.open().update_contact_phone(contact, "+16145550123")

        assert [digits(number) for number in world.phones_of(contact)] == ["6145550123"]

    def test_says_that_the_contact_is_gone(self, world: World) -> None:
        with pytest.raises(NotFound):
            world.open().update_contact_phone("987654321", "+16145550123")
