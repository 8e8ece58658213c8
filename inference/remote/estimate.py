"""How many tokens a prompt takes, without its tokenizer."""

from collections import deque

FIRST_TOKENS_PER_BYTE = 0.5
"""An Arabic letter is two bytes, and a token of its own for a tokenizer that knows no Arabic."""

MARGIN = 1.1
TELLING_BYTES = 400
"""Shorter prompts are mostly template: they say little about text."""


class Estimate:
    """Begins with the worst and learns from what a server counted."""

    def __init__(self) -> None:
        self._ratios: deque[float] = deque(maxlen=64)
        self._per_byte = FIRST_TOKENS_PER_BYTE

    def tokens(self, text_bytes: int) -> int:
        return int(text_bytes * self._per_byte) + 1

    def learn(self, text_bytes: int, tokens: int) -> None:
        """`tokens` is what a prompt of so many bytes took, or the least that it can have taken."""
        if text_bytes >= TELLING_BYTES:
            self._ratios.append(tokens / text_bytes)
            self._per_byte = max(self._ratios) * MARGIN
