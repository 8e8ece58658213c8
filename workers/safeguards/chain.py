"""Several guards as one: what the first lets through, the next sees."""

from collections.abc import Sequence

from workers.guard import Guard
from workers.transcript import Question


class Chain:
    """The guards of one turn, in the order in which an answer passes them."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        self._guards = guards

    @property
    def refusal(self) -> str:
        return next((guard.refusal for guard in self._guards if guard.refusal), "")

    def before(self, question: Question) -> str:
        refusals = (guard.before(question) for guard in self._guards)
        return next((refusal for refusal in refusals if refusal), "")

    def kept(self, text: str) -> str:
        for guard in self._guards:
            text = guard.kept(text)
        return text

    def masked(self, text: str) -> str:
        for guard in self._guards:
            text = guard.masked(text)
        return text

    def feed(self, piece: str) -> str:
        return self._through(piece, 0)

    def end(self) -> str:
        return "".join(
            self._through(guard.end(), nth) for nth, guard in enumerate(self._guards, start=1)
        )

    def _through(self, text: str, first: int) -> str:
        """The text past the guards from this one on."""
        for guard in self._guards[first:]:
            if self.refusal:
                return ""
            if text:
                text = guard.feed(text)
        return "" if self.refusal else text
