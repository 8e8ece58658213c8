"""What the terminal shows: text without what a terminal would take for a command."""

import re
from typing import TextIO

# C0 and C1 controls but tab and newline: an answer must not move the cursor or set a title.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """The text without control characters; a carriage return is dropped, a newline stays."""
    return _CONTROLS.sub("", text)


class Paper:
    """Writes to a terminal or a pipe. `streams`: show answers while they are written."""

    def __init__(self, out: TextIO, remarks: TextIO, streams: bool) -> None:
        self._out = out
        self._remarks = remarks
        self.streams = streams

    def write(self, text: str) -> None:
        """A piece of an answer."""
        self._out.write(printable(text))
        self._out.flush()

    def end(self) -> None:
        """The answer is whole; in a pipe an empty line parts it from the next."""
        self.write("\n" if self.streams else "\n\n")

    def remark(self, text: str) -> None:
        """A line that is ours, not the model's."""
        self._remarks.write(printable(text) + "\n")
        self._remarks.flush()
