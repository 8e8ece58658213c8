"""The Celery app: one queue a model, one task without data, one process with threads.

Settings were measured: with acknowledgement emulation on, workers die when Redis is killed
under them; the ring needs none of it, because the truth is in Redis and not in the ring.
"""

from collections.abc import Callable
from typing import Self

from celery import Celery
from kombu import Connection, Queue

from broker.connection import celery_url
from broker.envelope import RING_TASK
from broker.keys import Keys
from broker.settings import Settings


class SoonBack(Connection):
    """A connection that looks for Redis every second at least while it is away.

    Celery waits 2, 4, 6 … 30 seconds between two attempts and offers no setting: so long a
    Redis that is back would find no worker.
    """

    def ensure_connection(self, *arguments: object, **options: object) -> Self:
        options.update(interval_start=0.1, interval_step=0.2, interval_max=1.0)
        # The arguments are passed on as they came.
        return super().ensure_connection(*arguments, **options)  # type: ignore[arg-type]


def make_app(settings: Settings, model: str, serve: Callable[[], None]) -> Celery:
    """An app whose only task answers a ring by calling `serve`."""
    ring = Keys(settings.redis.namespace)("ring", model)
    app = Celery("mersal", broker=celery_url(settings), set_as_current=False)
    app.conf.update(
        task_queues=[Queue(ring, routing_key=ring, no_ack=True)],
        task_default_queue=ring,
        task_ignore_result=True,
        task_acks_late=False,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        broker_transport_options={"ack_emulation": False},
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # It concerns late acknowledgements, and ours are none; without it Celery warns each time.
        worker_cancel_long_running_tasks_on_connection_loss=True,
    )
    app.amqp.Connection = SoonBack
    app.task(name=RING_TASK, shared=False)(serve)
    return app
