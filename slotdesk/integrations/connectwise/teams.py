"""Teams: a service board's name their members, a project board's have them in a list of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slotdesk.integrations.connectwise import client, models
from slotdesk.integrations.connectwise.session import Session
from slotdesk.ports.errors import RightMissing
from slotdesk.ports.psa import Team, Teams

# In the words of the security role's screen. Roles have these tables apart, and a role made for service tickets alone
# often lacks the second.
SERVICE_BOARDS = "System > Table Setup > Service Boards: Inquire All"
PROJECT_BOARD_TEAMS = "System > Table Setup > Project Boards and their teams: Inquire All"


def list_teams(session: Session) -> Teams:
    """
    Return every active board's teams. A board whose teams the role may not read is left out, and said.

    Raises NotAuthorized when the boards themselves cannot be read, or the keys are refused.
    """
    teams: list[Team] = []
    unread: list[str] = []
    missing: list[str] = []
    for board in client.list_boards(session):
        try:
            teams += _teams_of(session, board)
        except RightMissing:
            unread.append(_prefix(board))
            missing.append(PROJECT_BOARD_TEAMS if board.project_flag else SERVICE_BOARDS)
    return Teams(tuple(teams), tuple(unread), tuple(dict.fromkeys(missing)))


def list_missing_rights(session: Session) -> list[str]:
    """The rights to teams that the role lacks, tried on one board of each sort; a sort that is not there needs none."""
    missing = []
    boards = list(client.list_boards(session))
    for is_project, right in ((False, SERVICE_BOARDS), (True, PROJECT_BOARD_TEAMS)):
        board = next((each for each in boards if each.project_flag is is_project), None)
        try:
            if board is not None:
                list(_teams_of(session, board))
        except RightMissing:
            missing.append(right)
    return missing


def _teams_of(session: Session, board: models.Board) -> Iterator[Team]:
    """The two sorts are numbered each for itself, so that an id says which it is of."""
    if not board.project_flag:
        for team in client.list_board_teams(session, board.id):
            yield Team(f"{_prefix(board)}team-{team.id}", team.name, board.name, _ids(team.members))
        return
    for project_team in client.list_project_board_teams(session, board.id):
        members = client.list_project_board_team_members(session, board.id, project_team.id)
        ids = _ids(each.member.id for each in members)
        yield Team(f"{_prefix(board)}team-{project_team.id}", project_team.name, board.name, ids)


def _prefix(board: models.Board) -> str:
    return f"{'project-board' if board.project_flag else 'board'}-{board.id}/"


def _ids(numbers: Iterable[int]) -> tuple[str, ...]:
    """As texts; a project team names a member once for each role."""
    return tuple(str(number) for number in dict.fromkeys(numbers))
