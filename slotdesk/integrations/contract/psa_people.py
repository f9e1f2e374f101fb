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


class FindingContract:
    def test_finds_a_contact_by_exactly_the_address_however_it_is_spelt(self, world: World) -> None:
        psa, contact = world.open(), world.make_contact(email="Robin.Hall@Fabrikam.example")

        found = psa.find_contacts_by_email(" robin.hall@fabrikam.EXAMPLE")

        assert contact in [each.id for each in found]
        assert all(each.email.casefold() == "robin.hall@fabrikam.example" for each in found)
        assert all(each.company for each in found)

    @pytest.mark.parametrize(
        "email",
        ["", " ", "in.hall@fabrikam.example", "robin.hall@fabrikam.exam", "%", "*", '"', '" or id>0 or lastName="'],
    )
    def test_finds_nobody_by_a_part_or_a_trick(self, world: World, email: str) -> None:
        world.make_contact(email="robin.hall@fabrikam.example")

        assert world.open().find_contacts_by_email(email) == []

    def test_finds_the_company_whose_contacts_have_the_domain(self, world: World) -> None:
        psa = world.open()
        world.make_contact(email="robin@tailspin.example")
        [contact] = psa.find_contacts_by_email("robin@tailspin.example")

        assert psa.find_company_by_domain("TailSpin.example") == contact.company

    @pytest.mark.parametrize("domain", ["", "spin.example", "tailspin.exam", "sub.tailspin.example", '"'])
    def test_finds_no_company_by_a_part_of_a_domain(self, world: World, domain: str) -> None:
        world.make_contact(email="robin@tailspin.example")

        assert world.open().find_company_by_domain(domain) is None

    def test_reads_a_company_and_says_that_one_is_not_there(self, world: World) -> None:
        psa = world.open()
        made = psa.ensure_company(uid="read", name="Northern Lights Bakery")

        assert psa.get_company(made.id) == made
        with pytest.raises(NotFound):
            psa.get_company("987654321")

    def test_finds_companies_by_every_word_of_their_name(self, world: World) -> None:
        psa = world.open()
        second, first, _other = (
            psa.ensure_company(uid=name, name=name) for name in ("Zebra Fish Bakery", "Another Zebra Fish", "Zebra")
        )

        assert psa.search_companies(" fish ZEBRA") == [first, second]
        assert psa.search_companies("zebra fish", limit=1) == [first]

    @pytest.mark.parametrize("text", ["", "  ", '"', '" or id>0 or name="', "%*", "no such company"])
    def test_finds_no_company_by_nothing_or_a_trick(self, world: World, text: str) -> None:
        assert world.open().search_companies(text) == []


class NewPeopleContract:
    def test_makes_a_company_once_for_each_uid(self, world: World) -> None:
        psa = world.open()
        kind, status = psa.list_company_types()[-1], psa.list_company_statuses()[-1]

        first = psa.ensure_company(uid="c1", name="Contoso Ltd", type_id=kind.id, status_id=status.id)
        again = psa.ensure_company(uid="c1", name="Contoso Limited", type_id=kind.id, status_id=status.id)
        other = psa.ensure_company(uid="c2", name="Contoso Ltd")

        assert again == first
        assert first.name == "Contoso Ltd"
        assert other.id != first.id
        assert world.kind_and_status_of(first.id) == (kind.id, status.id)

    @pytest.mark.parametrize("name", ["Ünïcödé & Söhne", "株式会社", '"Quoted"', "x" * 200])
    def test_makes_a_company_of_any_name(self, world: World, name: str) -> None:
        assert world.open().ensure_company(uid=name, name=name).name == name[:50]

    def test_finds_the_company_again_whose_answer_was_lost(self, world: World) -> None:
        with world.failing(Fault.LOST_ANSWER, method="POST", of="companies"), pytest.raises(Unreachable):
            world.open().ensure_company(uid="c3", name="Lost Answer Ltd")

        made = world.open().ensure_company(uid="c3", name="Lost Answer Ltd")

        assert world.companies_called("Lost Answer Ltd") == [made.id]

    def test_makes_a_contact_once_for_each_address(self, world: World) -> None:
        psa = world.open()
        company = psa.ensure_company(uid="c4", name="Adventure Works")
        asked = {"email": "kim.lee@adventure.example", "company_id": company.id, "phone": "+16145550123"}

        first = psa.ensure_contact(name="Kim van der Lee", **asked)
        again = psa.ensure_contact(name="K. Lee", **(asked | {"email": "Kim.Lee@Adventure.example"}))

        assert again == first
        assert (first.name, first.email, first.company) == ("Kim van der Lee", "kim.lee@adventure.example", company)
        assert digits(first.phone) == "6145550123"

    @pytest.mark.parametrize("name", ["Prince", "", "  ", "Ann " + "x" * 90])
    def test_makes_a_contact_of_any_name(self, world: World, name: str) -> None:
        psa = world.open()
        company = psa.ensure_company(uid="c5", name="Names Ltd")

        made = psa.ensure_contact(name=name, email=f"n{len(name)}@names.example", company_id=company.id)

        assert made.name
        assert made.phone == ""

    def test_finds_the_contact_again_whose_answer_was_lost(self, world: World) -> None:
        psa = world.open()
        company = psa.ensure_company(uid="c6", name="Lost Contact Ltd")
        asked = {"name": "Kim Lee", "email": "kim@lost.example", "company_id": company.id}
        with world.failing(Fault.LOST_ANSWER, method="POST", of="contacts"), pytest.raises(Unreachable):
            psa.ensure_contact(**asked)

        made = psa.ensure_contact(**asked)

        assert psa.find_contacts_by_email("kim@lost.example") == [made]
