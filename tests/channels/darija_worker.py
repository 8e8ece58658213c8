"""A real worker process with an engine that reads and writes Darija in Arabic letters alone.

python -m tests.channels.darija_worker SETTINGS_JSON
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from broker.settings import Settings
from inference.catalog import find
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from workers.run import serve_engine

# What the engine knows: a word of the question, and its answer.
KNOWN = {
    "سميتك": "سميتي مرسال، كنهضر بالدارجة.",
    "طاجين": "خاصك اللحم، البطاطا، الجزر و شوية د الزيت.",
    "شحال": "شي 50 درهم تقريبا.",
    "شكرا": "مرحبا بيك خويا!",
}
LOST = "ما فهمتش."


class DarijaEngine(EchoEngine):
    """Knows little, and no Latin letter."""

    def answer(self, request: CompletionRequest) -> str:
        question = request.messages[-1].content
        return next((known for word, known in KNOWN.items() if word in question), LOST)


@contextmanager
def darija_worker(settings: Settings) -> Iterator[None]:
    """The process serves `settings.worker.model` while the block runs."""
    command = [sys.executable, "-m", __name__, settings.model_dump_json()]
    process = subprocess.Popen(command)
    try:
        yield
        assert process.poll() is None, "the worker ended"
    finally:
        process.kill()
        process.wait(20)


if __name__ == "__main__":
    settings = Settings(**json.loads(sys.argv[1]))
    card = replace(find("echo"), arabizi="convert")
    serve_engine(DarijaEngine(settings.worker.model, delay_s=0.5), card, settings)
