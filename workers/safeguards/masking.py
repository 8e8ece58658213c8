"""Masking: personal data give way to their kind, before the model reads and in what it writes."""

import re

from workers.guard import Unguarded
from workers.safeguards.personal import Found, find

_BLANK = r"[ \u00a0\u202f]"
# What stands between the digits of a number. Telephone numbers have the most: phonenumbers' list.
_BETWEEN = r"\d ().\[\]/+~\-\u2010-\u2015\u2212\u00a0\u00ad\u200b\u202f\u2060\u3000\uff08-\uff0f"
_ACCOUNT = rf"(?<!\w)[A-Z]{{2}}\d\d(?:[\dA-Z]|{_BLANK}){{0,40}}\S{{0,130}}"
_CARD_LETTERS = rf"(?<!\w)[A-Za-z]{{1,2}}{_BLANK}"
_NUMBER = rf"(?:{_CARD_LETTERS})?[+(\[\uff08]{{0,3}}\d[{_BETWEEN}]{{0,60}}\S{{0,130}}"
# The end of a text that may be the beginning of a number or an address, the signs behind it too.
_UNFINISHED = re.compile(rf"(?:{_ACCOUNT}|{_NUMBER}|{_CARD_LETTERS}|\S{{1,130}})\Z")
_LONGEST = 200  # characters of such an end
_CONTEXT = 60  # characters that announce an identity card


class Masks:
    """What is masked, and what is not: `keeps` is a text whose numbers may be said, an operator's
    own."""

    def __init__(self, keeps: str = "") -> None:
        self._kept = frozenset(one.value for one in find(keeps))

    def masked(self, text: str, begin: int = 0) -> str:
        """The text from `begin` on, each of the personal data that ends there as its kind:
        [PHONE]."""
        parts, at = [], begin
        for one in self._found(text):
            if one.last > begin:
                parts += [text[at : one.first], f"[{one.kind}]"]
                at = one.last
        return "".join((*parts, text[at:]))

    def uncut(self, text: str, at: int) -> int:
        """Where to cut the text, at the latest `at`, so that none of the personal data is cut."""
        return next((one.first for one in self._found(text) if one.first < at < one.last), at)

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
        return self._let_through(self._finished())

    def end(self) -> str:
        return self._let_through(len(self._held))

    def _finished(self) -> int:
        """How much of what is held no more words can make personal."""
        unfinished = _UNFINISHED.search(self._held, max(0, len(self._held) - _LONGEST))
        finished = unfinished.start() if unfinished else len(self._held)
        shown = len(self._before)
        return max(0, self._masks.uncut(self._before + self._held, shown + finished) - shown)

    def _let_through(self, finished: int) -> str:
        ready, self._held = self._held[:finished], self._held[finished:]
        if not ready:
            return ""
        shown = self._masks.masked(self._before + ready, len(self._before))
        self._before = (self._before + ready)[-_CONTEXT:]
        return shown
