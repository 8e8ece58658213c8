"""One request's tokens among those that are computed together."""

from inference.engine import Sampling
from inference.history import Fit
from inference.slots.stretch import Stretch


class Row:
    """A growing list of token ids, of which the first `stored` are in the key-value pool.

    A prompt not yet read and a token just chosen are the same thing: ids still to be fed.
    `fed_at` is the last step that it was part of. `slot`, its number among the rows that are
    computed side by side, is -1 and `stretch`, its part of the pool, None until it has them.
    """

    def __init__(self, prompt: Fit, sampling: Sampling, seed: int, user: str = "") -> None:
        self.ids = list(prompt.ids)
        self.prompt_tokens = len(prompt.ids)
        self.dropped_turns = prompt.dropped_turns
        self.cut = prompt.cut
        self.max_new_tokens = prompt.max_new_tokens
        self.sampling = sampling
        self.seed = seed
        self.user = user
        self.stored = 0
        self.fed_at = 0
        self.slot = -1
        self.stretch: Stretch | None = None

    @property
    def start(self) -> int:
        """Where the row's keys and values begin in the pool."""
        assert self.stretch is not None
        return self.stretch.start

    @property
    def unstored(self) -> int:
        return len(self.ids) - self.stored

    @property
    def completion_tokens(self) -> int:
        return len(self.ids) - self.prompt_tokens

    @property
    def longest(self) -> int:
        """How many tokens it may come to."""
        return self.prompt_tokens + self.max_new_tokens
