"""Everything the adapter can do, done once, for what it says on the wire."""

from __future__ import annotations

from datetime import timedelta

from slotdesk.integrations.contract.psa_world import ELEVEN, NINE, TEN
from tests.contracts.connectwise_world import ConnectWiseWorld


def tell(world: ConnectWiseWorld) -> None:
    psa = world.open()
    psa.check()
    members = list(psa.list_members())
    psa.list_boards()
    psa.list_teams()
    psa.list_holidays(next(m.holiday_list_id for m in members if m.holiday_list_id))
    for kind in ("service_ticket", "project_ticket"):
        ref = world.make_ticket(kind)
        ticket = psa.find_ticket(ref.id)
        assert ticket is not None
        assert ticket.company is not None
        psa.list_contacts(company_id=ticket.company.id, search="a")
        entry_id = ""
        for starts_at, ends_at in ((NINE, TEN), (TEN, ELEVEN)):
            entry_id = psa.ensure_entry(
                uid="u1",
                known_id=entry_id,
                ticket=ref,
                member_id=world.member_id,
                starts_at=starts_at,
                ends_at=ends_at,
                title="Remote session",
            )
        psa.list_entries(world.member_id, NINE - timedelta(days=4000), ELEVEN)
        for n in range(2):
            psa.ensure_note(uid=f"n{n}", ticket=ref, text="Booked for Monday 09:00.", is_internal=n == 0)
        psa.set_owner(ref, world.member_id)
        psa.search_tickets("Printer")
        before, every, _foreign = world.statuses_of(ref)
        psa.set_status(ref, next(status for status in every if status != before))
        psa.remove_entry(entry_id)
    like = psa.get_ticket(world.make_ticket())
    assert like.company is not None
    assert like.contact is not None
    board = psa.list_boards()[0].id
    psa.ensure_ticket(
        uid="t1",
        board_id=board,
        summary="Onboarding call",
        description="Please ring the front desk.",
        company_id=like.company.id,
        contact_id=like.contact.id,
        type_id=psa.list_ticket_types(board)[0].id,
        priority_id=psa.list_priorities()[0].id,
    )
    company = psa.ensure_company(
        uid="c1",
        name="Contoso Ltd",
        type_id=psa.list_company_types()[0].id,
        status_id=psa.list_company_statuses()[0].id,
    )
    kim = psa.ensure_contact(name="Kim Lee", email="kim@contoso.example", company_id=company.id, phone="+16145550123")
    activity = ""
    for starts_at, ends_at in ((NINE, TEN), (TEN, ELEVEN)):
        activity = psa.ensure_activity(
            uid="a1",
            known_id=activity,
            member_id=world.member_id,
            starts_at=starts_at,
            ends_at=ends_at,
            title="Review call",
            notes="From the client: hello",
            company_id=company.id,
            contact_id=kim.id,
            type_id=psa.list_activity_types()[0].id,
        )
    psa.remove_activity(activity)
    psa.find_contacts_by_email("kim@contoso.example")
    psa.find_company_by_domain("contoso.example")
    psa.list_contacts(company_id="", search="kim@contoso.example")
    psa.search_companies("Contoso")
    for phones in ((), ("6145550100",)):
        psa.update_contact_phone(world.make_contact(*phones), "+16145550123")
    psa.get_ticket(world.make_ticket_without_address())
    for host in ("book.example.com", "new.example.com"):
        psa.ensure_panel(url=f"https://{host}/panel/a1")
        psa.ensure_hooks(url=f"https://{host}/hooks/a1")
    psa.prove_viewer(world.claims_of(world.member_id))
