"""A conversation as turns, and how many of them fit a context window."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inference.engine import ChatMessage, Role
from inference.errors import InvalidRequest, PromptTooLong
from inference.shortening import shortened

ANSWER_FLOOR_TOKENS = 64
"""An answer is never given less room than this, nor than an eighth of a small window."""

LEAST_CHARS = 40
"""Less than this of a message that is cut is no question any more."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the user said and, but for the newest turn, what was answered."""

    user: ChatMessage
    answer: ChatMessage | None = None

    @property
    def messages(self) -> tuple[ChatMessage, ...]:
        return (self.user,) if self.answer is None else (self.user, self.answer)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The system text, if any, and the turns; the last turn waits for its answer."""

    system: ChatMessage | None
    turns: tuple[Turn, ...]

    def newest(self, count: int) -> list[ChatMessage]:
        """The messages of the system text and the newest `count` turns."""
        head = [self.system] if self.system else []
        return head + [m for turn in self.turns[-count:] for m in turn.messages]


def read_conversation(messages: Sequence[ChatMessage]) -> Conversation:
    """Sort messages into turns.

    Contents are trimmed, neighbours of one role are joined by a newline, and an answer
    without a question before it is left out. Raises InvalidRequest when the messages do
    not end with the user's, when that one is blank, when a system text is not the first, or
    when a text is no valid Unicode.
    """
    try:
        for message in messages:
            message.content.encode()
    except UnicodeEncodeError as error:  # a lone surrogate
        raise InvalidRequest("the text is no valid Unicode") from error
    system, rest = _split_system(messages)
    joined = _join_neighbours(rest)
    if not joined or joined[-1].role != "user":
        raise InvalidRequest("the last message must be the user's")
    if not joined[-1].content:
        raise InvalidRequest("the user's message is blank")
    if joined[0].role == "assistant":
        del joined[0]
    pairs = zip(joined[0:-1:2], joined[1::2], strict=True)
    turns = [Turn(user, answer) for user, answer in pairs]
    return Conversation(system, (*turns, Turn(joined[-1])))


def _split_system(
    messages: Sequence[ChatMessage],
) -> tuple[ChatMessage | None, Sequence[ChatMessage]]:
    system = None
    if messages and messages[0].role == "system":
        content = messages[0].content.strip()
        system = ChatMessage("system", content) if content else None
        messages = messages[1:]
    if any(message.role == "system" for message in messages):
        raise InvalidRequest("a system text must be the first message")
    return system, messages


def _join_neighbours(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    joined: list[ChatMessage] = []
    for message in messages:
        role: Role = message.role
        content = message.content.strip()
        if joined and joined[-1].role == role:
            content = f"{joined.pop().content}\n{content}".strip()
        joined.append(ChatMessage(role, content))
    return joined


@dataclass(frozen=True, slots=True)
class Fit:
    """The ids of what fitted, how many tokens the answer may have, and what was left out.

    `cut`: even of the newest message only its beginning and its end.
    """

    ids: tuple[int, ...]
    max_new_tokens: int
    dropped_turns: int
    cut: bool = False


def prompt_room(context_tokens: int, max_new_tokens: int) -> int:
    """How long a prompt with old turns may be: at most half the window is left to the answer."""
    return context_tokens - min(max_new_tokens, context_tokens // 2)


def answer_floor(context_tokens: int, max_new_tokens: int) -> int:
    """The tokens down to which the newest message alone may press the answer."""
    return min(max_new_tokens, ANSWER_FLOOR_TOKENS, max(1, context_tokens // 8))


def fit(
    conversation: Conversation,
    encode: Callable[[Sequence[ChatMessage]], list[int]],
    context_tokens: int,
    max_new_tokens: int,
    cuts: bool = False,
) -> Fit:
    """Keep the system text, the newest message and as many whole turns as fit, newest first.

    While there is history to drop, room for `max_new_tokens`, but at most half the window,
    is left; the newest message alone may press the answer down to a floor. When it does not
    fit even then, its middle is left out if `cuts`, and else PromptTooLong is raised.
    """
    total = len(conversation.turns)
    rendered: dict[int, list[int]] = {}

    def ids_without(dropped: int) -> list[int]:
        if dropped not in rendered:
            rendered[dropped] = encode(conversation.newest(total - dropped))
        return rendered[dropped]

    room = prompt_room(context_tokens, max_new_tokens)
    dropped = bisect_left(range(total - 1), True, key=lambda n: len(ids_without(n)) <= room)
    ids = ids_without(dropped)
    if context_tokens - len(ids) >= answer_floor(context_tokens, max_new_tokens):
        return Fit(tuple(ids), min(max_new_tokens, context_tokens - len(ids)), dropped)
    cut = _cut(conversation, encode, room) if cuts else []
    if not cut:
        raise PromptTooLong(
            f"the newest message takes {len(ids)} of {context_tokens} tokens, system text "
            "included, which leaves no room for an answer"
        )
    return Fit(tuple(cut), min(max_new_tokens, context_tokens - len(cut)), dropped, cut=True)


def _cut(
    conversation: Conversation, encode: Callable[[Sequence[ChatMessage]], list[int]], room: int
) -> list[int]:
    """The ids of the newest message with as much of its beginning and end as fits; empty when
    the system text leaves room for next to nothing."""
    text = conversation.turns[-1].user.content

    def ids_of(length: int) -> list[int]:
        turn = Turn(ChatMessage("user", shortened(text, length)))
        return encode(Conversation(conversation.system, (turn,)).newest(1))

    too_long = bisect_left(range(len(text)), True, key=lambda length: len(ids_of(length)) > room)
    return ids_of(too_long - 1) if too_long > LEAST_CHARS else []
