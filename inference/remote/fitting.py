"""How much of a conversation is sent: as many whole turns as the server's window holds."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from inference.engine import ChatMessage
from inference.errors import PromptTooLong
from inference.history import LEAST_CHARS, Conversation, Turn, answer_floor, prompt_room
from inference.remote.endpoint import Endpoint
from inference.remote.estimate import Estimate
from inference.remote.prompts import Prompt, Prompts
from inference.shortening import shortened

_EXACT_MARGIN = 1.02
"""For a part of a prompt whose whole was counted."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is sent, what was left out for it, and how many tokens the answer may have.

    `cut`: even of the newest message only its beginning and its end.
    """

    prompt: Prompt
    dropped_turns: int
    max_tokens: int
    cut: bool = False


class Fitting:
    """One conversation, made shorter until it fits; without a tokenizer.

    Lengths are estimated. Where that says that something must go, a server that can count is
    asked first; one that says "too long" in spite of it gets half as many old turns.
    """

    def __init__(
        self,
        conversation: Conversation,
        max_new_tokens: int,
        prompts: Prompts,
        estimate: Estimate,
        cuts: bool = False,
    ) -> None:
        """`cuts`: a newest message that is too long alone is cut, not refused."""
        self._conversation = conversation
        self._prompts = prompts
        self._estimate = estimate
        self._wished_tokens = max_new_tokens
        self._max_tokens = max_new_tokens
        self._cuts = cuts
        self._newest = conversation.turns[-1].user.content
        self._kept_chars = len(self._newest)
        self._cut = False
        self._least_dropped = 0
        self._written: dict[int, Prompt] = {}

    async def fit(self, server: Endpoint, context_tokens: int, counts: bool) -> Fitted:
        """The newest message is sent in any case. `counts`: the server may be asked to.

        Raises InvalidRequest when the conversation cannot be written, and Failure.
        """
        dropped = self._dropped(context_tokens, self._estimate.tokens)
        if counts and dropped > self._least_dropped:
            prompt = self._write(self._least_dropped)
            tokens = await server.count_tokens(prompt.fields)
            if tokens:
                self._estimate.learn(prompt.text_bytes, tokens)
                ratio = tokens / prompt.text_bytes
                if tokens <= prompt_room(context_tokens, self._max_tokens):
                    dropped = self._least_dropped
                else:
                    dropped = self._dropped(
                        context_tokens, lambda size: int(size * ratio * _EXACT_MARGIN)
                    )
        return Fitted(self._write(dropped), dropped, self._max_tokens, self._cut)

    def too_long(self, sent: Fitted, context_tokens: int) -> None:
        """The server says that `sent` does not fit. Raises PromptTooLong when nothing is left
        that could be dropped."""
        old_turns = len(self._conversation.turns) - 1 - sent.dropped_turns
        floor = answer_floor(context_tokens, self._max_tokens)
        self._least_dropped = sent.dropped_turns + (old_turns + 1) // 2
        if old_turns:
            return
        if sent.max_tokens > floor and not self._cut:
            self._max_tokens = floor
        elif self._cuts and self._kept_chars // 2 >= LEAST_CHARS:
            self._cut_newest()
        else:
            raise PromptTooLong("the newest message does not fit the server's window")

    def _cut_newest(self) -> None:
        """Keep half as much of the newest message, which then stands alone."""
        self._kept_chars //= 2
        turn = Turn(ChatMessage("user", shortened(self._newest, self._kept_chars)))
        turns = (*self._conversation.turns[:-1], turn)
        self._conversation = Conversation(self._conversation.system, turns)
        self._cut, self._max_tokens = True, self._wished_tokens
        self._written.clear()

    def _dropped(self, context_tokens: int, tokens_of: Callable[[int], int]) -> int:
        room = prompt_room(context_tokens, self._max_tokens)
        return bisect_left(
            range(len(self._conversation.turns) - 1),
            True,
            lo=self._least_dropped,
            key=lambda dropped: tokens_of(self._write(dropped).text_bytes) <= room,
        )

    def _write(self, dropped: int) -> Prompt:
        if dropped not in self._written:
            newest = len(self._conversation.turns) - dropped
            self._written[dropped] = self._prompts.write(self._conversation.newest(newest))
        return self._written[dropped]
