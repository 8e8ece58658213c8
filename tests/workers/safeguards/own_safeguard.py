"""A safeguard as an operator may write one: no word about cheese."""

from broker.settings import Settings
from workers.guard import Guard, Unguarded
from workers.transcript import Question


class NoCheese:
    """Made once a process; `settings` are the worker's."""

    def __init__(self, settings: Settings) -> None:
        self._word = "cheese"

    def guard(self) -> Guard:
        return _OfOneTurn(self._word)


class _OfOneTurn(Unguarded):
    def __init__(self, word: str) -> None:
        self.refusal = ""
        self._word = word

    def before(self, question: Question) -> str:
        return "cheese" if any(self._word in one.text for one in question.said) else ""

    def feed(self, piece: str) -> str:
        if self._word in piece:
            self.refusal = "cheese"
        return "" if self.refusal else piece
