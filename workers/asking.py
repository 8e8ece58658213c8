"""What one turn asks of its engine: once, or part by part."""

from collections.abc import Iterator

from broker.messages import Notice
from inference.engine import ChatMessage, CompletionRequest, Engine, Sampling
from workers.running import RunningTurn


class Asking:
    """Asks the engine as often as a turn takes, and sums up what came of it.

    `ended`: the last completion came to its end, which a cancelled one does not.
    """

    def __init__(self, engine: Engine, turn: RunningTurn) -> None:
        self._engine = engine
        self._turn = turn
        self._notices: dict[Notice, None] = {}
        self.tokens = 0
        self.ended = True

    def pieces(
        self, chat: tuple[ChatMessage, ...], sampling: Sampling, cuts: bool, shown: bool = True
    ) -> Iterator[str]:
        """An answer as it comes; none any more once the turn was interrupted. One that is not
        `shown` to the user brings no notices. Raises PromptTooLong or InvalidRequest before the
        first piece, EngineError at any."""
        if self._turn.interruption is not None:
            self.ended = False
            return
        user = self._turn.claim.messages[0].user_key
        stream = self._engine.submit(CompletionRequest(chat, sampling, user, cuts))
        self._turn.attach(stream)
        for piece in stream:
            yield piece.text
        completion = stream.completion
        self.tokens += completion.completion_tokens
        self.ended = completion.finish_reason != "cancelled"
        if not shown:
            return
        if completion.dropped_turns:
            self._notices["old_turns_dropped"] = None
        if completion.cut:
            self._notices["message_cut"] = None
        if completion.finish_reason == "length":
            self._notices["cut_at_length"] = None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the user should know, each once."""
        return tuple(self._notices)
