"""The reference pages say what the code says: actions, triggers, roles, integrations, states."""

from __future__ import annotations

import re

import pytest

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.catalog.workflow import Trigger
from slotdesk.domain.connections.models import Moment
from slotdesk.domain.connections.registry import manifests
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.own_language import FILTERS, TAGS
from slotdesk.domain.tenants.permission_words import AREAS, MEANINGS
from slotdesk.domain.tenants.permissions import Permission
from slotdesk.domain.workflows.actions import ACTIONS
from slotdesk.domain.workflows.models import StepRun
from tests.guard.sources import ROOT
from tests.support.permissions_page import PAGE, make_page
from tests.support.variables_page import PAGE as VARIABLES_PAGE
from tests.support.variables_page import make_page as make_variables_page

DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(page: str, title: str, *, level: int) -> str:
    """What stands below the heading, down to the next one of its rank."""
    marks = "#" * level
    found = re.search(rf"^{marks} {re.escape(title)}\n(.*?)(?=^#{{1,{level}}} |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading “{marks} {title}”"
    return found[1]


def headings(text: str) -> list[str]:
    return re.findall(r"^### `([^`]+)`$", text, re.MULTILINE)


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, headings and rulers included, without code marks."""
    lines = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)
    return [[cell.strip().strip("`") for cell in line.split(" | ")] for line in lines]


class TestActionsPage:
    page = read("reference/actions.md")

    def test_has_a_heading_for_every_action_and_for_no_other(self) -> None:
        assert sorted(headings(section(self.page, "Actions", level=2))) == sorted(ACTIONS)

    def test_names_the_channel_of_every_action(self) -> None:
        for name, action in ACTIONS.items():
            assert f"Channel `{action.channel}`." in section(self.page, f"`{name}`", level=3), name

    def test_has_a_heading_for_every_trigger_and_for_no_other(self) -> None:
        assert sorted(headings(section(self.page, "Triggers", level=2))) == sorted(Trigger)

    def test_lists_every_template_of_an_email(self) -> None:
        listed = {row[0] for row in rows(section(self.page, "`send_email`", level=3))}

        assert listed - {"template", "---"} == set(Kind)

    def test_lists_every_moment_of_a_status(self) -> None:
        listed = {row[0] for row in rows(section(self.page, "`set_ticket_status`", level=3))}

        assert listed - {"moment", "---"} == set(Moment.values)

    def test_lists_every_state_of_a_step_run(self) -> None:
        listed = {row[0] for row in rows(section(self.page, "How a step run ends", level=2))}

        assert listed - {"state", "---"} == set(StepRun.State.values)


class TestPermissionsPage:
    def test_is_what_the_permission_table_makes(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == make_page(), "python -m tests.support.permissions_page --write"

    def test_explains_every_permission_in_a_part_of_the_product(self) -> None:
        assert set(MEANINGS) == set(Permission)
        assert {permission.area for permission in Permission} == set(AREAS)


class TestVariablesPage:
    def test_is_what_the_list_of_variables_makes(self) -> None:
        assert VARIABLES_PAGE.read_text(encoding="utf-8") == make_variables_page(), (
            "python -m tests.support.variables_page --write"
        )

    def test_names_every_filter_and_tag_that_templates_may_use(self) -> None:
        page = VARIABLES_PAGE.read_text(encoding="utf-8")

        assert [name for name in FILTERS | TAGS if f"`{name}`" not in page] == []


class TestIntegrationsPage:
    page = read("reference/integrations.md")

    @pytest.mark.parametrize("kind", manifests())
    def test_has_a_section_for_the_integration(self, kind: str) -> None:
        assert f"Kind `{kind}`." in section(self.page, manifests()[kind].label, level=2)

    @pytest.mark.parametrize("kind", manifests())
    def test_is_joined_by_a_page_in_the_integration_s_folder(self, kind: str) -> None:
        assert (ROOT / "slotdesk" / "integrations" / kind / "README.md").exists()

    @pytest.mark.parametrize("kind", manifests())
    def test_is_joined_by_a_how_to_that_names_every_right_the_vendor_must_give(self, kind: str) -> None:
        how_to = read(f"how-to/connect-{kind}.md")

        assert [right for right in manifests()[kind].needs if right not in how_to] == []

    @pytest.mark.parametrize("kind", manifests())
    def test_is_joined_by_a_how_to_that_names_every_field_of_the_connect_page(self, kind: str) -> None:
        how_to = read(f"how-to/connect-{kind}.md")
        titles = [field.title or name for name, field in manifests()[kind].settings.model_fields.items()]

        assert [title for title in titles if f"**{title}**" not in how_to] == []


class TestGlossary:
    page = read("glossary.md")

    @pytest.mark.parametrize("name", [*SchedulingRequest.Status.values, *StepRun.State.values])
    def test_knows_every_status_of_a_request_and_state_of_a_step_run(self, name: str) -> None:
        assert f"**{name}**" in self.page
