"""The PSA contract: faults, rights, who looks, and what the PSA tells us unasked."""

from __future__ import annotations

import pytest

from slotdesk.integrations.contract.psa_world import Fault, World
from slotdesk.ports.errors import NotAuthorized, PortError, RateLimited, Unreachable


class ErrorsContract:
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (Fault.DROPPED, Unreachable),
            (Fault.BROKEN, Unreachable),
            (Fault.SILENT, Unreachable),
            (Fault.BUSY, RateLimited),
            (Fault.REFUSED, NotAuthorized),
        ],
    )
    def test_names_what_went_wrong_within_the_deadline(
        self, world: World, fault: Fault, error: type[PortError]
    ) -> None:
        ticket = world.make_ticket()
        psa = world.open(seconds=1)

        with world.failing(fault), pytest.raises(error) as raised:
            psa.get_ticket(ticket)

        assert not any(secret in str(raised.value) for secret in world.secrets)
        if isinstance(raised.value, RateLimited):
            assert raised.value.retry_after > 1

    def test_says_that_the_keys_are_wrong(self, world: World) -> None:
        psa = world.open_with_wrong_keys()

        with pytest.raises(NotAuthorized) as raised:
            psa.check()

        assert not any(secret in str(raised.value) for secret in world.secrets)

    def test_finds_nothing_missing_with_good_keys(self, world: World) -> None:
        check = world.open().check()

        assert check.label
        assert check.version
        assert check.missing == ()

    def test_names_the_rights_that_are_missing(self, world: World) -> None:
        assert world.open_with_few_rights().check().missing


class PanelContract:
    URL = "https://book.example.com/panel/a1"
    MOVED = "https://new.example.com/panel/a1?v=2"

    def test_installs_the_panel_once_and_moves_it(self, world: World) -> None:
        psa = world.open()
        psa.ensure_panel(url=self.URL)
        psa.ensure_panel(url=self.URL)
        first = world.panels()

        psa.ensure_panel(url=self.MOVED)

        assert all(panel.is_on and panel.url.startswith(self.URL) for panel in first)
        assert len(world.panels()) == len(first) > 0
        assert all(panel.url.startswith(self.MOVED) for panel in world.panels())

    def test_believes_the_member_whom_the_psa_confirms(self, world: World) -> None:
        viewer = world.open().prove_viewer(world.claims_of(world.member_id))

        assert viewer.member_id == world.member_id
        assert viewer.name

    @pytest.mark.parametrize(
        "forged",
        [
            {"memberHash": "guess"},
            {"memberHash": ""},
            {"memberHash": "x\r\nX-Evil: 1"},
            {"memberid": ""},
            {"companyid": "othermsp"},
            {"site": "https://evil.example"},
        ],
    )
    def test_does_not_believe_claims_that_were_tampered_with(self, world: World, forged: dict[str, str]) -> None:
        claims = {**world.claims_of(world.member_id), **forged}

        with pytest.raises(NotAuthorized):
            world.open().prove_viewer(claims)

    def test_does_not_believe_one_members_proof_for_another(self, world: World) -> None:
        other = world.claims_of(world.other_member_id)["memberid"]

        with pytest.raises(NotAuthorized):
            world.open().prove_viewer({**world.claims_of(world.member_id), "memberid": other})


class HooksContract:
    URL = "https://book.example.com/hooks/a1"

    def test_registers_once_for_tickets_and_schedules(self, world: World) -> None:
        psa = world.open()
        psa.ensure_hooks(url=self.URL)
        psa.ensure_hooks(url=self.URL)

        assert sorted(hook.kind for hook in world.hooks()) == ["schedule", "ticket"]
        assert all(hook.is_on and hook.url.startswith(self.URL) for hook in world.hooks())

    def test_revives_registrations_that_were_switched_off(self, world: World) -> None:
        psa = world.open()
        psa.ensure_hooks(url=self.URL)
        world.switch_hooks_off()

        psa.ensure_hooks(url=self.URL)

        assert len(world.hooks()) == 2
        assert all(hook.is_on for hook in world.hooks())

    def test_moves_registrations_to_a_new_address(self, world: World) -> None:
        psa = world.open()
        psa.ensure_hooks(url=self.URL)

        psa.ensure_hooks(url="https://new.example.com/hooks/a1")

        assert [hook.url.startswith("https://new.example.com/") for hook in world.hooks()] == [True, True]

    def test_reads_a_true_message(self, world: World) -> None:
        ticket = world.make_ticket()
        message = world.message_about(ticket)

        [change] = world.open().read_hook(message.headers, message.body)

        assert (change.kind, change.id, change.is_deleted) == ("ticket", ticket.id, False)

    def test_refuses_a_message_that_was_changed_or_not_signed(self, world: World) -> None:
        psa, message = world.open(), world.message_about(world.make_ticket())

        with pytest.raises(NotAuthorized):
            psa.read_hook(message.headers, message.body + b" ")
        with pytest.raises(NotAuthorized):
            psa.read_hook({}, message.body)
