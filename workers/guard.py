"""The seam for safeguards: what a turn asks before its model reads, and of what it writes."""

from typing import Protocol

from workers.transcript import Question


class Guard(Protocol):
    """Watches over one turn: made anew for each, used by one thread."""

    @property
    def refusal(self) -> str:
        """What ended the answer, as the safeguards name it; "" while nothing has. From then on
        `feed` and `end` give nothing out."""

    def before(self, question: Question) -> str:
        """What forbids any answer to this question; "" when nothing does."""

    def kept(self, text: str) -> str:
        """A user's words as the history may keep them."""

    def masked(self, text: str) -> str:
        """A user's words as the model may read them."""

    def feed(self, piece: str) -> str:
        """Take the next piece of what the model writes; return what may be shown, perhaps nothing
        yet."""

    def end(self) -> str:
        """What was still held back, when no more comes."""


class Unguarded:
    """Lets everything through."""

    refusal = ""

    def before(self, question: Question) -> str:
        return ""

    def kept(self, text: str) -> str:
        return text

    def masked(self, text: str) -> str:
        return text

    def feed(self, piece: str) -> str:
        return piece

    def end(self) -> str:
        return ""
