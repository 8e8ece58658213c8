"""Who answers in a channel's tests."""

import re
from collections.abc import Iterator

import pytest

from broker.settings import Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.workers.worker_in_thread import working


@pytest.fixture
def echo(chat_settings: Settings) -> Iterator[EchoEngine]:
    """A worker that answers with the user's own words."""
    engine = EchoEngine()
    with working(engine, chat_settings):
        yield engine


class Listening(EchoEngine):
    """Keeps what it was asked, as the model gets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def answer(self, request: CompletionRequest) -> str:
        self.asked.append(request.messages[-1].content)
        return super().answer(request)


class Talkative(EchoEngine):
    """Answers with many paragraphs, each of so many equal sentences."""

    def __init__(self, paragraphs: int, sentences: int, delay_s: float) -> None:
        super().__init__(delay_s=delay_s)
        self._paragraphs = paragraphs
        self._sentences = sentences

    def answer(self, request: CompletionRequest) -> str:
        question = request.messages[-1].content
        lines = [
            f"فقرة **{n}** من جواب طويل بزاف. " * self._sentences for n in range(self._paragraphs)
        ]
        return "\n\n".join([*lines, f"end of {question}"])

    def is_whole(self, parts: list[str]) -> bool:
        """Every paragraph is there, once, in its order."""
        numbers = re.findall(r"فقرة \**(\d+)\** من", "\n".join(parts))
        return numbers == [str(n) for n in range(self._paragraphs) for _ in range(self._sentences)]

    def words(self, answer: str) -> Iterator[str]:
        """Big pieces, so that hundreds of answers at once cost little."""
        for start in range(0, len(answer), 400):
            yield answer[start : start + 400]
