"""Settings of a worker with the echo, and somebody who talks to it."""

from collections.abc import AsyncIterator

import pytest

from broker.connection import connect
from broker.settings import Settings, TurnSettings, WorkerSettings
from tests.workers.desk import Desk


@pytest.fixture
def echo_settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "worker": WorkerSettings(model="echo", linger_s=0.1),
            "turn": TurnSettings(lease_s=1.0),
        }
    )


@pytest.fixture
async def desk(echo_settings: Settings) -> AsyncIterator[Desk]:
    redis = connect(echo_settings)
    yield Desk(redis, echo_settings)
    await redis.aclose()
