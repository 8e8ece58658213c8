"""Masking: personal data give way to their kind, before the model reads and in what it writes."""

import re

from workers.guard import Unguarded
from workers.safeguards.personal import Found, find

# The end of a text that may be the beginning of a number or an address.
_UNFINISHED = re.compile(
    r"(?:(?<!\w)[A-Z]{2}\d\d[\dA-Z ]{0,36}|[+(]?\d[\d ().\-+]{0,48}|\S{1,130})\Z"
)
_CONTEXT = 60  # characters that announce an identity card


class Masks:
    """What is masked, and what is not: `keeps` is a text whose numbers may be said, an operator's
    own."""

    def __init__(self, keeps: str = "") -> None:
        self._kept = frozenset(one.value for one in find(keeps))

    def masked(self, text: str, begin: int = 0) -> str:
        """The text from `begin` on, each of the personal data there as its kind: [PHONE]."""
        parts, at = [], begin
        for one in self._found(text):
            if one.first >= begin:
                parts += [text[at : one.first], f"[{one.kind}]"]
                at = one.last
        return "".join((*parts, text[at:]))

    def _found(self, text: str) -> list[Found]:
        return [one for one in find(text) if one.value not in self._kept]


class Masking(Unguarded):
    """The mask over one turn. An unfinished number or address in an answer waits for its end."""

    def __init__(self, masks: Masks, keeps_original: bool) -> None:
        """`keeps_original`: the history keeps what the user wrote."""
        self._masks = masks
        self._keeps_original = keeps_original
        self._before = ""  # the end of what was shown
        self._held = ""

    def kept(self, text: str) -> str:
        return text if self._keeps_original else self._masks.masked(text)

    def masked(self, text: str) -> str:
        return self._masks.masked(text)

    def feed(self, piece: str) -> str:
        self._held += piece
        unfinished = _UNFINISHED.search(self._held)
        return self._let_through(unfinished.start() if unfinished else len(self._held))

    def end(self) -> str:
        return self._let_through(len(self._held))

    def _let_through(self, finished: int) -> str:
        ready, self._held = self._held[:finished], self._held[finished:]
        if not ready:
            return ""
        shown = self._masks.masked(self._before + ready, len(self._before))
        self._before = (self._before + ready)[-_CONTEXT:]
        return shown
