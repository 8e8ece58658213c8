"""From a claim to what the model is to see; depends on its arguments alone."""

from dataclasses import dataclass

from broker.claims import Claim
from broker.messages import Said, Turn, UserMessage
from inference.engine import ChatMessage


@dataclass(frozen=True, slots=True)
class Question:
    """What one turn answers: the first `consumed` messages of the claim, behind `turns`.

    `regenerates`: the last turn is answered once more and then replaced. `said` is empty
    when there is nothing to regenerate.
    """

    consumed: int
    said: tuple[Said, ...]
    turns: tuple[Turn, ...]
    regenerates: bool = False


def next_question(claim: Claim) -> Question:
    """Several messages written in a burst are one question; a regeneration stands alone."""
    if claim.messages[0].action == "regenerate":
        last = claim.turns[-1:]
        return Question(1, last[0].said if last else (), claim.turns[:-1], regenerates=True)
    burst: list[UserMessage] = []
    for message in claim.messages:
        if message.action != "say":
            break
        burst.append(message)
    return Question(len(burst), tuple(_said(message) for message in burst), claim.turns)


def to_chat(question: Question, system_prompt: str) -> tuple[ChatMessage, ...]:
    """The conversation as roles and contents, oldest first. Turns without an answer are left out,
    because no prompt format knows them."""
    chat = [ChatMessage("system", system_prompt)] if system_prompt else []
    for turn in question.turns:
        if turn.text:
            chat += [ChatMessage("user", _spoken(turn.said)), ChatMessage("assistant", turn.text)]
    return (*chat, ChatMessage("user", _spoken(question.said)))


def _said(message: UserMessage) -> Said:
    return Said(message.message_id, message.text, message.sent_at, message.sender)


def _spoken(said: tuple[Said, ...]) -> str:
    """In a group the model sees who said what."""
    lines = (f"{one.sender}: {one.text}" if one.sender else one.text for one in said)
    return "\n".join(lines)
