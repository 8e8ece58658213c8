"""A worker process from its first line to its last: load the model, serve rings, leave warm."""

import logging
import os
import socket
import uuid
import warnings
from collections.abc import Callable
from typing import NoReturn

from celery.exceptions import SecurityWarning
from celery.signals import worker_ready, worker_shutting_down

from broker.claims import Claims
from broker.connection import worker_pool
from broker.settings import Settings
from inference.cards import ModelCard
from inference.echo import EchoEngine
from inference.engine import Engine
from inference.open import open_checkpoint
from inference.options import LoadOptions
from inference.remote.open import open_remote_engine
from workers.app import make_app
from workers.guard import Guard, Unguarded
from workers.heartbeat import Heartbeat
from workers.model import remote_options, selected_card
from workers.running import RunningTurns
from workers.safeguards.safeguard import guards_of
from workers.shift import Shift
from workers.turn import TurnRunner

logger = logging.getLogger(__name__)

EXIT_USELESS = 70  # EX_SOFTWARE: the supervisor starts another


def run_worker(settings: Settings, alive: Callable[[], None] = lambda: None) -> None:
    """Serve `settings.worker.model` until told to stop (SIGTERM, Ctrl-C).

    `alive` is called again and again, from another thread, as long as the worker works.
    Raises SettingsError, or inference.errors.InferenceError when the model cannot be loaded.
    """
    card = selected_card(settings)
    logger.info("loading", extra={"model": card.id})
    guards = guards_of(settings)  # a mistake there is told before a model is loaded
    serve_engine(load_engine(card, settings), card, settings, alive, guards)


def load_engine(card: ModelCard, settings: Settings) -> Engine:
    """The engine of a model. Raises ModelLoadFailed."""
    worker = settings.worker
    if card.engine == "echo":
        return EchoEngine(card.id, delay_s=worker.echo_delay_s)
    if card.engine == "openai":
        return open_remote_engine(card, remote_options(card, settings))
    options = LoadOptions(
        worker.device,
        worker.dtype,
        worker.quantization,
        worker.revision,
        kv_bytes=worker.kv_cache_mb << 20 or None,
        decode=worker.decode,
    )
    return open_checkpoint(card, options, slots=worker.threads)


def serve_engine(
    engine: Engine,
    card: ModelCard,
    settings: Settings,
    alive: Callable[[], None] = lambda: None,
    guards: Callable[[], Guard] = Unguarded,
) -> None:
    """Serve rings with a card's engine that is loaded; returns after a warm shutdown."""
    worker = settings.worker
    name = f"{socket.gethostname()}.{os.getpid()}.{uuid.uuid4().hex[:8]}"
    claims = Claims(worker_pool(settings), settings, engine.model_id, card.tasks)
    runner = TurnRunner(engine, card, settings, claims.publish, guards)
    shift = Shift(claims, runner, RunningTurns(), settings, name)
    heartbeat = Heartbeat(shift, settings, _die, alive)

    def on_ready(**_: object) -> None:
        heartbeat.start()
        logger.info(
            "ready", extra={"model": engine.model_id, "owner": name, "threads": worker.threads}
        )

    def on_shutdown(**_: object) -> None:
        heartbeat.close(worker.grace_s)

    worker_ready.connect(on_ready)
    worker_shutting_down.connect(on_shutdown)
    app = make_app(settings, engine.model_id, shift.serve)
    arguments = ["--quiet", "worker", "--pool=threads", f"--concurrency={worker.threads}"]
    arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    arguments += [f"--hostname=mersal.{os.getpid()}@%h", "--loglevel=WARNING"]
    # Celery warns root of pickled messages; ours are JSON only.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    try:
        app.worker_main(arguments)
    finally:
        try:
            heartbeat.stop()
        finally:
            engine.close()


def _die(reason: str) -> NoReturn:
    """Nothing is lost: leases run out, and the supervisor starts another process."""
    logger.critical("worker of no more use: %s", reason)
    logging.shutdown()
    os._exit(EXIT_USELESS)
