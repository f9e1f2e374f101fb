"""Users: who can be booked, and when they work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from slotdesk.availability.values import WeeklyRange
from slotdesk.domain.connections.models import Calendar
from slotdesk.domain.events.models import Event
from slotdesk.domain.people.models import Agent
from slotdesk.domain.tenants.models import Account, Membership, Role
from slotdesk.web.staff.hours_form import summarize_hours
from tests.support.factories import NINE_TO_FIVE, NOW, make_agent, make_invitation, make_team
from tests.support.members import make_member, signed_in, text_of
from tests.support.members import sign_in as put_in

SignIn = Callable[[str], Client]


class TestList:
    def test_shows_hours_zone_and_calendar(self, agent: Agent, sign_in: SignIn) -> None:
        page = text_of(sign_in("dispatcher").get("/app/users/"))

        assert "Maria Schmidt" in page
        assert "Mon–Fri 09:00–17:00" in page
        assert "America/New_York" in page
        assert "Up to date" in page

    def test_says_that_a_calendar_is_too_old_or_cannot_be_read(self, agent: Agent, sign_in: SignIn) -> None:
        browser = sign_in("dispatcher")

        Calendar.objects.update(synced_at=NOW - timedelta(minutes=20))
        assert "too old to offer times" in text_of(browser.get("/app/users/"))
        Calendar.objects.update(problem="The PSA refuses the keys.")
        assert "The PSA refuses the keys." in text_of(browser.get("/app/users/"))

    def test_says_how_people_come_here(self, account: Account, sign_in: SignIn) -> None:
        assert "Users come from your PSA" in text_of(sign_in("administrator").get("/app/users/"))

    def test_leaves_out_who_has_gone(self, account: Account, sign_in: SignIn) -> None:
        make_agent(account, "Ben Gone", is_active=False)

        assert "Ben Gone" not in text_of(sign_in("dispatcher").get("/app/users/"))


class TestSwitch:
    @pytest.mark.parametrize(("sent", "is_on"), [("yes", True), ("no", False)])
    def test_lets_clients_book_or_no_longer(self, agent: Agent, sign_in: SignIn, sent: str, is_on: bool) -> None:
        Agent.objects.update(is_schedulable=not is_on)

        sign_in("finance").post(f"/app/users/{agent.public_id}/schedulable/", {"is_schedulable": sent})

        agent.refresh_from_db()
        assert agent.is_schedulable is is_on

    def test_is_not_for_every_role(self, agent: Agent, sign_in: SignIn) -> None:
        browser, url = sign_in("dispatcher"), f"/app/users/{agent.public_id}/schedulable/"

        assert browser.post(url, {"is_schedulable": "no"}).status_code == 403
        assert 'role="switch"' not in text_of(browser.get("/app/users/"))


class TestFilter:
    @pytest.fixture(autouse=True)
    def people(self, account: Account) -> None:
        make_agent(account, "Ann Bookable")
        make_agent(account, "Ben Idle", is_schedulable=False)
        make_agent(account, "Cem Gone", is_active=False)

    @pytest.mark.parametrize(
        ("narrowed", "names"),
        [
            ("", {"Ann Bookable", "Ben Idle", "The administrator"}),
            ("?q=idle", {"Ben Idle"}),
            ("?shown=bookable", {"Ann Bookable"}),
            ("?shown=not_bookable", {"Ben Idle", "The administrator"}),
            ("?shown=administrators", {"The administrator"}),
            ("?shown=without_sign_in", {"Ann Bookable", "Ben Idle"}),
            ("?shown=left", {"Cem Gone"}),
            ("?shown=nonsense&role=nonsense", {"Ann Bookable", "Ben Idle", "The administrator"}),
            ("?q=nobody", set()),
        ],
    )
    def test_shows_who_is_asked_for(self, sign_in: SignIn, narrowed: str, names: set[str]) -> None:
        page = text_of(sign_in("administrator").get(f"/app/users/{narrowed}"))

        everybody = ("Ann Bookable", "Ben Idle", "Cem Gone", "The administrator")
        assert {name for name in everybody if f">{name}</a>" in page} == names

    def test_says_who_is_invited(self, sign_in: SignIn, account: Account) -> None:
        make_invitation(account, Agent.objects.get(name="Ann Bookable").email)

        page = text_of(sign_in("administrator").get("/app/users/"))

        assert "1 open invitation" in page
        assert page.count(">Invited<") == 1


class TestChangeMany:
    def change(self, browser: Client, change: str, *ids: str) -> str:
        sent = {"change": change, "people": ids, "confirmed": "yes"}
        return text_of(browser.post("/app/users/changes/", sent, follow=True))

    def preview(self, browser: Client, change: str, *ids: str) -> str:
        return text_of(browser.post("/app/users/changes/", {"change": change, "people": ids}, follow=True))

    def test_shows_first_what_it_would_do_to_whom_and_does_nothing_yet(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        browser, idle = sign_in("administrator"), make_agent(account, "Ben Idle", is_schedulable=False)
        boss = Membership.objects.get()

        page = self.preview(browser, "bookable:no", agent.public_id, idle.public_id, boss.public_id)

        assert "This will change 1 person" in page
        assert "It is so already" in page
        assert f"Not changed: {boss.user} has no calendar that clients could book." in page
        agent.refresh_from_db()
        assert agent.is_schedulable

    def test_takes_people_out_of_a_team_each_told_once(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        other = make_agent(account, "Ben")
        team = make_team(account, [agent, other], internal_name="Tier 1")

        page = self.change(sign_in("administrator"), f"not_team:{team.public_id}", agent.public_id, other.public_id)

        assert "Changed for 2 people" in page
        assert not team.members.exists()
        told = Event.objects.filter(kind="team.changed").order_by("id")
        assert [list(event.changes) for event in told] == [["member: Maria Schmidt"], ["member: Ben"]]

    def test_moves_people_to_another_zone(self, agent: Agent, sign_in: SignIn) -> None:
        browser, of_psa = sign_in("dispatcher"), make_agent(agent.account, "Ben")
        Agent.objects.filter(pk=agent.pk).update(zone_from="own")
        asked = browser.post("/app/users/changes/", {"change": "zone:", "people": [agent.public_id]})
        assert "Asia/Kathmandu" in text_of(asked)

        sent = {"change": "zone", "zone": "Asia/Kathmandu", "people": [agent.public_id]}
        assert "<strong>Asia/Kathmandu</strong>" in text_of(browser.post("/app/users/changes/", sent))
        page = self.change(browser, "zone:Asia/Kathmandu", agent.public_id, of_psa.public_id)

        assert "Ben has the time zone that the PSA says" in page
        agent.refresh_from_db()
        assert (agent.zone, agent.zone_from) == ("Asia/Kathmandu", "own")
        changes = Event.objects.get(kind="agent.changed").changes
        assert changes["zone"] == ["America/New_York", "Asia/Kathmandu"]

    def test_takes_the_hours_from_the_psa_where_it_has_any(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        Agent.objects.filter(pk=agent.pk).update(hours_from="own", own_hours=NINE_TO_FIVE, psa_hours=[])
        without = make_agent(account, "Ben", hours_from="own", own_hours=NINE_TO_FIVE)

        page = self.change(sign_in("dispatcher"), "hours:psa", agent.public_id, without.public_id)

        agent.refresh_from_db()
        assert (agent.hours_from, agent.hours) == ("psa", [])
        assert "Ben has no working hours in the PSA" in page

    def test_says_that_nobody_had_to_be_changed(self, agent: Agent, sign_in: SignIn) -> None:
        assert "Nobody had to be changed" in self.change(sign_in("finance"), "bookable:yes", agent.public_id)
        assert not Event.objects.filter(kind="agent.schedulable").exists()

    @pytest.mark.parametrize("change", ["role:x", "team:x", "not_team:x", "zone:Mars/Base", "hours:x", "bookable:x"])
    def test_names_what_is_not_there(self, agent: Agent, sign_in: SignIn, change: str) -> None:
        assert "not there any more" in self.preview(sign_in("administrator"), change, agent.public_id)

    def test_leaves_whoever_left_alone(self, account: Account, sign_in: SignIn) -> None:
        gone = make_agent(account, "Cem Gone", left_at=NOW, is_active=False)

        assert "Cem Gone is deactivated" in self.change(sign_in("finance"), "bookable:no", gone.public_id)

    def test_invites_those_who_do_not_sign_in_yet(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account)

        page = self.change(browser, "invite:", agent.public_id, member.public_id)

        assert f"{agent.email}</textarea>" in page
        assert "signs in already" in self.change(browser, "invite:", member.public_id)
        sent = {"change": "invite:", "people": agent.public_id}
        assert sign_in("dispatcher").post("/app/users/changes/", sent).status_code == 403

    def test_gives_all_of_them_a_role(self, account: Account, sign_in: SignIn) -> None:
        browser, members = sign_in("administrator"), [make_member(account, "user") for _ in range(2)]
        role = Role.objects.get(key="dispatcher")

        page = self.change(browser, f"role:{role.public_id}", *(member.public_id for member in members))

        assert "Changed for 2 people" in page
        assert Membership.objects.filter(role=role).count() == 2

    def test_does_for_some_what_cannot_be_done_for_others(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        browser, team = sign_in("administrator"), make_team(account, [])
        boss = Membership.objects.get()

        page = self.change(browser, f"team:{team.public_id}", agent.public_id, boss.public_id)

        assert "Changed for 1 person" in page
        assert "The administrator has no calendar" in page
        assert [place.agent for place in team.members.all()] == [agent]

    def test_switches_booking(self, agent: Agent, sign_in: SignIn) -> None:
        self.change(sign_in("finance"), "bookable:no", agent.public_id)

        agent.refresh_from_db()
        assert not agent.is_schedulable

    def test_keeps_the_last_administrator(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        role = Role.objects.get(key="user")

        page = self.change(browser, f"role:{role.public_id}", Membership.objects.get().public_id)

        assert "is the only administrator" in page

    def test_takes_the_right_of_each_kind_of_change(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        browser, role = sign_in("finance"), Role.objects.get(key="administrator")

        for change in (f"role:{role.public_id}", "team:x", "not_team:x", "zone:UTC", "hours:own"):
            sent = {"change": change, "people": [agent.public_id]}
            assert browser.post("/app/users/changes/", sent).status_code == 403

    def test_asks_again_who_is_there_before_roles_are_given(self, account: Account, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account, "user")
        session = browser.session
        session["account_authentication_methods"] = [{"method": "password", "at": NOW.timestamp() - 3600}]
        session.save()
        role = Role.objects.get(key="dispatcher")

        sent = {"change": f"role:{role.public_id}", "people": [member.public_id], "confirmed": "yes"}
        browser.post("/app/users/changes/", sent)

        member.refresh_from_db()
        assert member.role.key == "user"

    @pytest.mark.parametrize("change", ["", "everything:yes"])
    def test_asks_for_people_and_a_change(self, agent: Agent, sign_in: SignIn, change: str) -> None:
        assert "Tick the people" in self.change(sign_in("administrator"), change, agent.public_id)


class TestOverview:
    def test_shows_what_a_person_is_here(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        make_team(account, [agent], internal_name="Tier 1")

        page = text_of(sign_in("administrator").get(f"/app/users/{agent.public_id}/"))

        assert all(words in page for words in ("Maria Schmidt", "America/New_York", "Tier 1", "a sign-in"))

    def test_shows_a_member_who_is_no_agent(self, account: Account, sign_in: SignIn) -> None:
        browser, member = sign_in("administrator"), make_member(account, "finance")

        page = text_of(browser.get(f"/app/users/{member.public_id}/"))

        assert "The finance" in page
        assert "Change the role" in page

    def test_takes_an_address_part(self, agent: Agent, sign_in: SignIn) -> None:
        sign_in("dispatcher").post(f"/app/users/{agent.public_id}/", {"slug": "maria"})

        agent.refresh_from_db()
        assert (agent.slug, agent.hours) == ("maria", NINE_TO_FIVE)

    @pytest.mark.parametrize(
        ("slug", "words"), [("jordan", "Somebody else has this address part"), ("Not Good", "Small letters")]
    )
    def test_refuses_an_address_part(
        self, account: Account, agent: Agent, sign_in: SignIn, slug: str, words: str
    ) -> None:
        make_agent(account, "Jordan Doe", slug="jordan")

        answer = sign_in("dispatcher").post(f"/app/users/{agent.public_id}/", {"slug": slug})

        assert answer.status_code == 422
        assert words in text_of(answer)

    def test_is_not_for_every_role_to_edit(self, agent: Agent, sign_in: SignIn) -> None:
        browser, url = sign_in("finance"), f"/app/users/{agent.public_id}/"

        assert browser.get(url).status_code == 200
        assert browser.post(url, {"slug": "x"}).status_code == 403


class TestLeaving:
    def test_ends_the_person_s_session_at_once_and_can_be_undone(
        self, account: Account, agent: Agent, sign_in: SignIn
    ) -> None:
        boss, theirs = sign_in("administrator"), signed_in(account, "user", agent=agent)
        url = f"/app/users/{agent.public_id}/"
        assert theirs.get("/app/requests/").status_code == 200

        page = text_of(boss.post(f"{url}deactivation/", follow=True))
        assert "is deactivated" in page
        assert is_nobody(theirs)

        boss.post(f"{url}reactivation/")
        agent.refresh_from_db()
        assert is_nobody(theirs)
        assert (agent.is_active, agent.is_schedulable) == (True, False)

    def test_is_not_for_the_last_administrator(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        boss = Membership.objects.get()

        page = text_of(browser.post(f"/app/users/{boss.public_id}/deactivation/", follow=True))

        assert "is the only administrator" in page
        assert browser.get("/app/requests/").status_code == 200


class TestSessions:
    def test_end_with_a_role_that_allows_nothing(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        boss, theirs = sign_in("administrator"), signed_in(account, "user", agent=agent)
        assert theirs.get("/app/requests/").status_code == 200
        nothing = Role.objects.create(account=account, name="Nothing")

        boss.post(f"/app/users/{agent.public_id}/role/", {"role": nothing.public_id})

        assert is_nobody(theirs)

    def test_go_on_with_a_role_that_allows_something(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        boss, theirs = sign_in("administrator"), signed_in(account, "user", agent=agent)
        assert theirs.get("/app/requests/").status_code == 200

        boss.post(f"/app/users/{agent.public_id}/role/", {"role": Role.objects.get(key="dispatcher").public_id})

        assert theirs.get("/app/requests/").status_code == 200

    def test_end_when_the_role_is_left_with_nothing(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        boss, theirs = sign_in("administrator"), signed_in(account, "dispatcher", agent=agent)
        assert theirs.get("/app/requests/").status_code == 200

        boss.post(f"/app/settings/roles/{Role.objects.get(key='dispatcher').public_id}/", {"name": "Dispatcher"})

        assert is_nobody(theirs)

    def test_end_in_every_browser_and_for_nobody_else(self, account: Account, agent: Agent, sign_in: SignIn) -> None:
        boss, theirs, others = sign_in("administrator"), signed_in(account, "user", agent=agent), sign_in("dispatcher")
        phone = Client(HTTP_HOST="localhost")
        put_in(phone, Membership.objects.get(agent=agent).user)
        assert {each.get("/app/requests/").status_code for each in (theirs, phone, others)} == {200}

        boss.post(f"/app/users/{agent.public_id}/deactivation/")

        assert is_nobody(theirs)
        assert is_nobody(phone)
        assert others.get("/app/requests/").status_code == 200


def is_nobody(browser: Client) -> bool:
    """Whether the browser's next click is one of somebody who is not signed in."""
    answer = browser.get("/app/requests/")
    return (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/app/requests/")


class TestSummary:
    @pytest.mark.parametrize(
        ("days", "text"),
        [
            ({1, 2, 3, 4, 5}, "Mon–Fri"),
            ({1, 2}, "Mon, Tue"),
            ({1, 3, 5}, "Mon, Wed, Fri"),
            (set(range(1, 8)), "Daily"),
            ({7}, "Sun"),
        ],
    )
    def test_joins_days_that_follow_each_other(self, days: set[int], text: str) -> None:
        assert summarize_hours([WeeklyRange(frozenset(days), 540, 1440)]) == [f"{text} 09:00–24:00"]
