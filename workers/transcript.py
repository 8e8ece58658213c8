"""From a claim to what the model is to see; depends on its arguments alone."""

from dataclasses import dataclass

from broker.claims import Claim
from broker.messages import Said, Turn, UserMessage
from inference.engine import ChatMessage


@dataclass(frozen=True, slots=True)
class Question:
    """What one turn answers: the first `consumed` messages of the claim, behind `turns`.

    `regenerates`: the last turn is answered once more and then replaced. `said` is empty
    when there is nothing to regenerate. `edited`: likewise, but what was said has changed.
    """

    consumed: int
    said: tuple[Said, ...]
    turns: tuple[Turn, ...]
    regenerates: bool = False
    edited: bool = False


def next_question(claim: Claim) -> Question:
    """Several messages written in a burst are one question; a regeneration stands alone, and
    so does an edit of what was answered last. What was stopped ends all together."""
    if claim.cancel:
        said = tuple(_said(message) for message in claim.messages if message.action == "say")
        return Question(len(claim.messages), said, claim.turns, regenerates=not said)
    first, last = claim.messages[0], claim.turns[-1:]
    if first.action == "regenerate":
        return Question(1, last[0].said if last else (), claim.turns[:-1], regenerates=True)
    if _edits_answered(first, claim.turns):
        said = _replaced(last[0].said, first)
        return Question(1, said, claim.turns[:-1], regenerates=True, edited=True)
    burst: tuple[Said, ...] = ()
    consumed = 0
    for message in claim.messages:
        if message.action == "regenerate" or _edits_answered(message, claim.turns):
            break
        consumed += 1
        if message.action == "edit" and any(_is_edited(one, message) for one in burst):
            burst = _replaced(burst, message)
        else:
            burst = (*burst, _said(message))
    return Question(consumed, burst, claim.turns)


def _edits_answered(message: UserMessage, turns: tuple[Turn, ...]) -> bool:
    """Whether this is an edit of what the last turn answered."""
    if message.action != "edit" or not turns:
        return False
    return any(_is_edited(one, message) for one in turns[-1].said)


def _is_edited(said: Said, edit: UserMessage) -> bool:
    return said.message_id == edit.replaces


def _replaced(said: tuple[Said, ...], edit: UserMessage) -> tuple[Said, ...]:
    return tuple(_said(edit) if _is_edited(one, edit) else one for one in said)


def to_chat(question: Question, system_prompt: str) -> tuple[ChatMessage, ...]:
    """The conversation as roles and contents, oldest first. Turns without an answer are left out,
    because no prompt format knows them."""
    chat = [ChatMessage("system", system_prompt)] if system_prompt else []
    for turn in question.turns:
        if turn.text:
            chat += [ChatMessage("user", _spoken(turn.said)), ChatMessage("assistant", turn.text)]
    return (*chat, ChatMessage("user", _spoken(question.said)))


def _said(message: UserMessage) -> Said:
    """Edited words keep the id that they had: so a second edit finds them."""
    return Said(
        message.replaces or message.message_id, message.text, message.sent_at, message.sender
    )


def _spoken(said: tuple[Said, ...]) -> str:
    """In a group the model sees who said what."""
    lines = (f"{one.sender}: {one.text}" if one.sender else one.text for one in said)
    return "\n".join(lines)
