"""Tasks: a text is translated, summarized, explained or weighed, a long one part by part."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from broker.messages import Task
from broker.text.detection import detect
from broker.text.splitting import split
from inference.cards import ModelCard
from inference.errors import PromptTooLong
from workers.wording import Frame


class Ask(Protocol):
    """Asks a model."""

    def __call__(self, prompt: str, cuts: bool, shown: bool = True) -> Iterator[str]:
        """The pieces of its answer. `cuts`: the prompt's middle may be left out; `shown`: the
        answer is one that the user reads."""


LANGUAGES = ("ary", "ar", "fr", "en")

_LEAST_PART = 100  # characters; what is shorter is not cut for the model's sake
_UNKNOWN_WINDOW = 2048  # tokens, where a server does not say
_ROUNDS = 3  # a summary of summaries of summaries is short, or the model does not summarize
_SHORTER = 0.9


@dataclass(frozen=True, slots=True)
class Window:
    """What a model reads and writes at most, in tokens."""

    context_tokens: int
    max_new_tokens: int

    def part_chars(self, task: Task) -> int:
        """How much of a text it works on at a time, in characters.

        A token is taken for a character of what is read, as it is where a vocabulary knows little
        Arabic, and for two of what is written. A quarter of the window is for what is read, a
        half where the answer is short; the rest for the frame, a system text and the answer.
        """
        context = self.context_tokens or _UNKNOWN_WINDOW
        if task == "translate":
            return max(_LEAST_PART, min(2 * self.max_new_tokens, context // 4))
        return max(_LEAST_PART, context // (2 if task == "summarize" else 4))


def source_of(text: str) -> str:
    """The language to translate from, "" when it cannot be told."""
    found = detect(text)
    return found.language if found.is_sure else ""


def can(card: ModelCard, task: Task, source: str, target: str) -> bool:
    """Whether a model was made for this task."""
    if task not in card.tasks:
        return False
    if task != "translate":
        return True
    known = card.translates or LANGUAGES
    return target in LANGUAGES and target in known and (not source or source in known)


def work(task: Task, text: str, frame: Frame, window: Window, ask: Ask) -> Iterator[str]:
    """The answer as it comes, a long text's part by part. Raises what `ask` does."""
    if task == "sentiment":
        yield from ask(frame.around(text), True)  # one feeling, told by the beginning and the end
    elif task == "summarize":
        yield from _summary(text, frame, window.part_chars(task), ask)
    else:
        glue = "\n\n" if task == "explain" else ""
        yield from _parts(text, frame, window.part_chars(task), ask, glue)


def _summary(text: str, frame: Frame, part_chars: int, ask: Ask) -> Iterator[str]:
    """Of a long text every part is summarized, and then the summaries."""
    unseen = partial(ask, shown=False)
    for _ in range(_ROUNDS):
        if len(text) <= part_chars:
            break
        shorter = "".join(_parts(text, frame, part_chars, unseen, "\n"))
        if not 0 < len(shorter) <= _SHORTER * len(text):
            break
        text = shorter
    yield from ask(frame.around(text), True)


def _parts(text: str, frame: Frame, part_chars: int, ask: Ask, glue: str = "") -> Iterator[str]:
    """What is made of each part, in order; `glue` between, or the blanks that were there. A part
    that the model finds too long is halved."""
    between = ""
    for start, end in split(text, part_chars):
        part = text[start:end]
        for piece in _part(part.strip(), frame, ask, glue):
            yield between + piece
            between = ""
        between = glue or part[len(part.rstrip()) :]


def _part(text: str, frame: Frame, ask: Ask, glue: str) -> Iterator[str]:
    try:
        yield from ask(frame.around(text), False)
    except PromptTooLong:
        if len(text) <= _LEAST_PART:
            raise
        yield from _parts(text, frame, len(text) // 2 + 1, ask, glue)
