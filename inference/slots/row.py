"""One request's tokens among those that are computed together."""

from inference.engine import Sampling
from inference.history import Fit


class Row:
    """A growing list of token ids, of which the first `stored` are in the key-value pool.

    A prompt not yet read and a token just chosen are the same thing: ids still to be fed.
    `slot` is -1 until the row has one.
    """

    def __init__(self, prompt: Fit, sampling: Sampling, seed: int) -> None:
        self.ids = list(prompt.ids)
        self.prompt_tokens = len(prompt.ids)
        self.dropped_turns = prompt.dropped_turns
        self.max_new_tokens = prompt.max_new_tokens
        self.sampling = sampling
        self.seed = seed
        self.stored = 0
        self.slot = -1

    @property
    def unstored(self) -> int:
        return len(self.ids) - self.stored

    @property
    def completion_tokens(self) -> int:
        return len(self.ids) - self.prompt_tokens
