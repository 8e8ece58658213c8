"""A doorbell of the test's own."""

from collections.abc import Iterator

import pytest

from broker.settings import Settings
from tests.broker.doorbell import Doorbell, open_doorbell


@pytest.fixture
def bell(settings: Settings) -> Iterator[Doorbell]:
    with open_doorbell(settings) as doorbell:
        yield doorbell


@pytest.fixture
def threads(bell: Doorbell) -> int:
    """Idle worker threads that the broker knows of."""
    bell.sweep(worker="w1", threads=8)
    return 8
