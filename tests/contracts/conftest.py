from __future__ import annotations

from contextlib import closing

import pytest

from sandbox.connectwise.server import Options, running
from tests.contracts import connectwise_story
from tests.contracts.connectwise_world import ConnectWiseWorld
from tests.contracts.recording import Exchange, recording_door


@pytest.fixture(scope="session")
def connectwise_exchanges() -> list[Exchange]:
    """Everything that adapter and stand-in said to each other in one telling of the story."""
    exchanges: list[Exchange] = []
    with (
        running(Options(size="small", rate_limit=0)) as sandbox,
        closing(ConnectWiseWorld(sandbox, door=recording_door(exchanges))) as world,
    ):
        connectwise_story.tell(world)
    return exchanges
