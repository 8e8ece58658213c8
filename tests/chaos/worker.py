"""A real worker process for chaos tests: an echo that takes its time and can be poisoned.

python -m tests.chaos.worker SETTINGS_JSON ENGINE_JSON
"""

import hashlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import broker.claims
from broker.scripts import PUBLISH, STEP, Script
from broker.settings import Settings
from inference.catalog import find
from inference.echo import EchoEngine
from mersal.log import TextFormatter
from workers.run import serve_engine

POISON = "POISON"
EXIT_POISONED = 66


@dataclass(frozen=True)
class Character:
    """How the engine behaves. `fenced` False: the scripts let stale owners do as they like."""

    delay_s: float = 0.02
    fenced: bool = True


class ChaosEngine(EchoEngine):
    """Dies of the word POISON, its process with it, a moment after it began to answer."""

    def words(self, answer: str) -> Iterator[str]:
        if POISON in answer:
            time.sleep(0.2)  # neighbours are in flight by then
            os._exit(EXIT_POISONED)
        return super().words(answer)


def without_fence() -> None:
    """What the proof must notice: a commit is accepted whoever makes it."""
    broker.claims.STEP = _changed(  # type: ignore[attr-defined]
        STEP,
        {
            """if current ~= fence or holder ~= owner or status ~= 'leased'
    or call('ZREM', leases(model), conversation) == 0 then return 'fenced' end
  committed""": "call('ZREM', leases(model), conversation)\n  committed",
        },
    )
    broker.claims.PUBLISH = _changed(  # type: ignore[attr-defined]
        PUBLISH,
        {"if fields[1] ~= fence or fields[2] ~= 'leased' then return 0 end": ""},
    )


def _changed(script: Script, changes: dict[str, str]) -> Script:
    source = script.source
    for old, new in changes.items():
        assert old in source, f"{script.name}.lua has changed: {old}"
        source = source.replace(old, new)
    sha = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
    return Script(script.name, source, sha)


def main() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(TextFormatter())
    logging.basicConfig(handlers=[handler])
    for room in ("workers", "broker"):  # Celery sets the root's level
        logging.getLogger(room).setLevel(logging.INFO)
    settings = Settings(**json.loads(sys.argv[1]))
    character = Character(**json.loads(sys.argv[2]))
    if not character.fenced:
        without_fence()
    engine = ChaosEngine(settings.worker.model, delay_s=character.delay_s)
    serve_engine(engine, find("echo"), settings)


if __name__ == "__main__":
    main()
