from collections.abc import Iterator

import httpx
import pytest

from sandbox.mail.server import Running, running


@pytest.fixture
def catcher() -> Iterator[Running]:
    with running() as running_catcher:
        yield running_catcher


@pytest.fixture
def browser(catcher: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=catcher.url, timeout=10) as client:
        yield client
