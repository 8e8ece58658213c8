"""The parts of `mersal up`: what runs, and how one knows that it works."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from broker.connection import embedded_socket
from broker.settings import Settings, child_environment
from mersal.child import Program
from mersal.ready import FOLDER, ready_url
from mersal.redis_server import ask_redis, redis_command
from mersal.vital import AnsweringRedis, TouchedFile

REDIS, WORKER = "redis", "worker"
BOT_GRACE_S = 10.0
REDIS_GRACE_S = 20.0
WORKER_EXTRA_S = 5.0  # beside its own grace for turns


@dataclass(frozen=True, slots=True)
class Part:
    """One child. `address` asks where it is, by its pid: None as long as it does not work."""

    program: Program
    about: str
    address: Callable[[int], str | None]

    @property
    def name(self) -> str:
        return self.program.name


def redis_part(settings: Settings) -> Part:
    """The embedded Redis. Raises what `redis_command` raises."""
    # Redis does not start in a locale that the machine lacks.
    environment = {**child_environment(), "LC_ALL": "C"}
    program = Program(
        REDIS,
        tuple(redis_command(settings)),
        environment,
        REDIS_GRACE_S,
        AnsweringRedis(embedded_socket(settings.state_dir)),
        settings.up.silent_s,
    )

    def address(_: int) -> str | None:
        return "" if ask_redis(settings).state == "ready" else None

    return Part(program, f"Redis (embedded, appendfsync {settings.redis.appendfsync})", address)


def worker_part(settings: Settings) -> Part:
    """The worker of the model that the settings name."""
    model, grace_s = settings.worker.model, settings.worker.grace_s + WORKER_EXTRA_S
    program = _ours(WORKER, ("worker", "--model", model), settings, grace_s)
    return Part(program, f"worker with the model {model}", _said_ready(settings.state_dir, WORKER))


def bot_part(bot: str, settings: Settings) -> Part:
    program = _ours(bot, ("bot", bot), settings, BOT_GRACE_S)
    return Part(program, f"bot {bot}", _said_ready(settings.state_dir, bot))


def _ours(name: str, arguments: tuple[str, ...], settings: Settings, grace_s: float) -> Program:
    # -P: a file that lies in this directory must not be taken for a module.
    life = settings.state_dir.absolute() / FOLDER / f"{name}.life"
    command = (sys.executable, "-P", "-m", "mersal", *arguments, "--life", str(life))
    environment, vital = _environment(settings), TouchedFile(life)
    return Program(name, command, environment, grace_s, vital, settings.up.silent_s)


def _environment(settings: Settings) -> Mapping[str, str]:
    """Children read their settings themselves, but these may come from our command line."""
    worker = settings.worker
    return child_environment(
        WORKER__MODEL=worker.model,
        WORKER__QUANTIZATION=worker.quantization,
        WORKER__REVISION=worker.revision,
        REMOTE__ENDPOINTS=settings.remote.endpoints,
    )


def _said_ready(state_dir: Path, name: str) -> Callable[[int], str | None]:
    return lambda pid: ready_url(state_dir, name, pid)
