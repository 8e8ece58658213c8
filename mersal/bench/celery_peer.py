"""Plain Celery: one task a message, `task.delay`, a pool of threads, results ignored."""

import warnings

from celery import Celery, Task
from celery.exceptions import SecurityWarning

from mersal.bench.order import Order
from mersal.bench.peer import THREADS, BlockingPeer
from mersal.bench.timesheet import Timesheet


class CeleryPeer(BlockingPeer):
    name = "celery"
    title = "Celery"

    async def open(self) -> None:
        self._app, self._hop = self._make(None)

    async def close(self) -> None:
        self._app.close()

    def send_now(self, text: str) -> None:
        self._hop.delay(text)

    def serve(self, sheet: Timesheet) -> None:
        app, _ = self._make(sheet)
        warnings.filterwarnings("ignore", category=SecurityWarning)  # it speaks JSON only
        arguments = ["--quiet", "worker", "--pool=threads", f"--concurrency={THREADS}"]
        arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        app.worker_main([*arguments, "--loglevel=WARNING"])

    def _make(self, sheet: Timesheet | None) -> tuple[Celery, "Task[[str], None]"]:
        url = "redis+socket://" + self.url.removeprefix("unix://")
        app = Celery("bench", broker=url, set_as_current=False)
        app.conf.update(
            task_ignore_result=True,
            task_serializer="json",
            accept_content=["json"],
            worker_redirect_stdouts=False,
            broker_connection_retry_on_startup=True,
        )

        def hop(text: str) -> None:
            if sheet is not None:
                sheet.stamp(Order.from_text(text).index)

        return app, app.task(name="bench.hop", shared=False)(hop)
