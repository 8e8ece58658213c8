"""Text that may be shown while more comes: whole characters, no stop string, not even its start."""

import unicodedata
from collections.abc import Sequence

_JOINER = "\u200d"


class ShownText:
    """Takes a completion's text as it comes and gives it out when it is sure of it.

    Held back are the last character, because a mark, a joiner or a skin tone may still follow,
    and any end of the text that may be the beginning of a stop string. One space before the
    first word is dropped: prompts of some formats end in a mark that a space must follow.
    """

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = tuple(stop)
        self._text = ""
        self._shown = 0
        self._stopped = False
        self._begun = False

    @property
    def stopped(self) -> bool:
        """Whether a stop string has come."""
        return self._stopped

    @property
    def shown(self) -> str:
        """All text given out so far."""
        return self._text[: self._shown]

    def add(self, text: str) -> str:
        """The text that may be shown now, often none. What follows a stop string is dropped."""
        self._accept(text)
        return self._show(len(self._text) if self._stopped else self._safe_length())

    def finish(self, text: str = "") -> str:
        """The text that was held back, now that no more comes after `text`."""
        self._accept(text)
        return self._show(len(self._text))

    def _accept(self, text: str) -> None:
        if self._stopped:
            return
        if text and not self._begun:
            self._begun = True
            text = text.removeprefix(" ")
        searched_from = max(0, len(self._text) - max(map(len, self._stop), default=0))
        self._text += text
        found = [self._text.find(stop, searched_from) for stop in self._stop]
        ends = [at for at in found if at >= 0]
        if ends:
            self._text = self._text[: min(ends)]
            self._stopped = True

    def _safe_length(self) -> int:
        return min(_last_character(self._text), _stop_start(self._text, self._stop))

    def _show(self, length: int) -> str:
        start = self._shown
        self._shown = max(start, length)
        return self._text[start : self._shown]


def _stop_start(text: str, stops: Sequence[str]) -> int:
    """Where the longest end of `text` starts that some stop string begins with."""
    length = len(text)
    for stop in stops:
        for size in range(min(len(stop) - 1, len(text)), 0, -1):
            if text.endswith(stop[:size]):
                length = min(length, len(text) - size)
                break
    return length


def _last_character(text: str) -> int:
    """Where the last character of `text`, as people count characters, starts."""
    at = len(text) - 1
    while at > 0 and _belongs_to_previous(text, at):
        at -= 1
    return max(at, 0)


def _belongs_to_previous(text: str, at: int) -> bool:
    """Marks, joined emoji, skin tones, flags: enough of Unicode's UAX 29 for chat."""
    char, previous = text[at], text[at - 1]
    if char == _JOINER or previous == _JOINER or unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":
        return True
    return _is_flag_half(char) and _flag_halves_before(text, at) % 2 == 1


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    count = 0
    while at - count > 0 and _is_flag_half(text[at - count - 1]):
        count += 1
    return count
