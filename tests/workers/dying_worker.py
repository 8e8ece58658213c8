"""A real worker process whose engine dies while it answers, unless one has died before.

python -m tests.workers.dying_worker SETTINGS_JSON FILE_THAT_THE_DEAD_LEAVE
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from broker.settings import Settings
from inference.catalog import find
from inference.echo import EchoEngine
from inference.errors import EngineDied
from workers.run import serve_engine


class DyingEngine(EchoEngine):
    """Says one word and is of no use from then on."""

    def __init__(self, grave: Path) -> None:
        super().__init__()
        self._grave = grave
        self._doomed = not grave.exists()

    def words(self, answer: str) -> Iterator[str]:
        if self._doomed:
            yield "once "
            self._grave.touch()
            raise EngineDied("the engine died")
        yield from super().words(answer)


if __name__ == "__main__":
    serve_engine(DyingEngine(Path(sys.argv[2])), find("echo"), Settings(**json.loads(sys.argv[1])))
