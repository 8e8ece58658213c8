"""The Celery app, as far as it is not Celery's own."""

from pathlib import Path

import pytest
from kombu.exceptions import OperationalError

from broker.settings import Settings
from workers.app import make_app


def test_a_redis_that_is_away_is_looked_for_every_second(tmp_path: Path) -> None:
    settings = Settings(redis_url=f"unix://{tmp_path}/nobody.sock", state_dir=tmp_path)
    app = make_app(settings, "demo", lambda: None)
    pauses: list[float] = []
    with app.connection_for_read() as connection, pytest.raises(OperationalError):
        connection.ensure_connection(lambda _, pause: pauses.append(pause), 3)
    assert len(pauses) == 3
    assert max(pauses) <= 1
