"""Teams: a service board's name their members, a project board's have them in a list of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slotdesk.integrations.connectwise import client, models
from slotdesk.integrations.connectwise.session import Session
from slotdesk.ports.psa import Team


def list_teams_of(session: Session, board: models.Board) -> Iterator[Team]:
    """The board's teams. The two sorts are numbered each for itself, so that an id says which it is of."""
    if not board.project_flag:
        for team in client.list_board_teams(session, board.id):
            yield Team(f"board-{board.id}/team-{team.id}", team.name, board.name, _ids(team.members))
        return
    for project_team in client.list_project_board_teams(session, board.id):
        members = client.list_project_board_team_members(session, board.id, project_team.id)
        yield Team(
            f"project-board-{board.id}/team-{project_team.id}",
            project_team.name,
            board.name,
            _ids(each.member.id for each in members),
        )


def _ids(numbers: Iterable[int]) -> tuple[str, ...]:
    """As texts; a project team names a member once for each role."""
    return tuple(str(number) for number in dict.fromkeys(numbers))
