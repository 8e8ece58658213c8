"""What all engines are asked, and when their tokens came."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

PROMPT_TOKENS = (20, 200)
"""The shortest and the longest question."""


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt and how many tokens the answer has, no more and no less."""

    ids: tuple[int, ...]
    new_tokens: int


@dataclass(slots=True)
class Answer:
    """The tokens of one answer and when each came, in nanoseconds of time.perf_counter_ns."""

    tokens: tuple[int, ...] = ()
    asked_ns: int = 0
    came_ns: list[int] = field(default_factory=list)

    def ask(self) -> None:
        self.asked_ns = time.perf_counter_ns()

    def come(self, count: int = 1) -> None:
        """So many tokens came, now."""
        self.came_ns += [time.perf_counter_ns()] * count


class Peer(Protocol):
    """A way of computing answers on one model."""

    name: str

    def answer(self, requests: Sequence[Request], concurrency: int) -> list[Answer]:
        """Answer all, so many conversations at a time: each asks again once it is answered."""

    def close(self) -> None: ...


def draw_requests(
    seed: str, count: int, vocabulary: int, answer_tokens: int
) -> tuple[Request, ...]:
    """Always the same for a seed. Answers have from half to one and a half of `answer_tokens`."""
    chance = random.Random(seed)
    return tuple(
        Request(
            draw_tokens(chance, chance.randint(*PROMPT_TOKENS), vocabulary),
            chance.randint(max(1, answer_tokens // 2), answer_tokens + answer_tokens // 2),
        )
        for _ in range(count)
    )


def draw_tokens(chance: random.Random, count: int, vocabulary: int) -> tuple[int, ...]:
    return tuple(chance.randrange(1, vocabulary) for _ in range(count))
