"""From a claim to what the model is to see; depends on its arguments alone."""

from dataclasses import dataclass, replace

from broker.claims import Claim
from broker.messages import AnswerScript, Said, Task, Turn, UserMessage
from inference.engine import ChatMessage


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of an answer: which task, if any, into which language, whether the model is
    to remember it, and in which letters the user reads."""

    task: Task = ""
    target: str = ""
    keeps: bool = False
    script: AnswerScript = ""


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
    wish: Wish = Wish()


def next_question(claim: Claim) -> Question:
    """Several messages written in a burst are one question; a task stands alone, and so do a
    regeneration and an edit of what was answered last. What was stopped ends all together."""
    if claim.cancel:
        return _stopped(claim)
    first, last = claim.messages[0], claim.turns[-1:]
    if first.action == "regenerate":
        said, wish = (last[0].said, _again(last[0], first)) if last else ((), Wish())
        return Question(1, said, claim.turns[:-1], regenerates=True, wish=wish)
    if _edits_answered(first, claim.turns):
        said, wish = _replaced(last[0].said, first), _edited(last[0], first)
        return Question(1, said, claim.turns[:-1], regenerates=True, edited=True, wish=wish)
    burst: tuple[Said, ...] = ()
    consumed = 0
    for message in claim.messages:
        if message.action == "regenerate" or _edits_answered(message, claim.turns):
            break
        edits = message.action == "edit" and any(_is_edited(one, message) for one in burst)
        if burst and not edits and (first.task or message.task):
            break
        consumed += 1
        burst = _replaced(burst, message) if edits else (*burst, _said(message))
    wish = _wish(first if first.task else claim.messages[consumed - 1])
    return Question(consumed, burst, claim.turns, wish=wish)


def _stopped(claim: Claim) -> Question:
    says = [message for message in claim.messages if message.action == "say"]
    wish = _wish(says[0]) if len(says) == 1 else Wish()
    said = tuple(map(_said, says))
    return Question(len(claim.messages), said, claim.turns, regenerates=not said, wish=wish)


def _wish(message: UserMessage) -> Wish:
    return Wish(message.task, message.target, message.keeps, message.script)


def _again(turn: Turn, wanted: UserMessage) -> Wish:
    """A task is done once more, in the letters that it was done in."""
    kept = bool(turn.task) and not turn.aside
    return Wish(turn.task, turn.target, kept, wanted.script or turn.script)


def _edited(turn: Turn, edit: UserMessage) -> Wish:
    """The text of a task has changed, or the task too."""
    if edit.task:
        return _wish(edit)
    return Wish(turn.task, turn.target, bool(turn.task) and not turn.aside, edit.script)


def _edits_answered(message: UserMessage, turns: tuple[Turn, ...]) -> bool:
    """Whether this is an edit of what the last turn answered."""
    if message.action != "edit" or not turns:
        return False
    return any(_is_edited(one, message) for one in turns[-1].said)


def _is_edited(said: Said, edit: UserMessage) -> bool:
    return said.message_id == edit.replaces


def _replaced(said: tuple[Said, ...], edit: UserMessage) -> tuple[Said, ...]:
    return tuple(_said(edit) if _is_edited(one, edit) else one for one in said)


def without_words(question: Question) -> Question:
    """That something was said, and by whom, but not what."""
    return replace(question, said=tuple(replace(one, text="") for one in question.said))


def to_chat(question: Question, system_prompt: str) -> tuple[ChatMessage, ...]:
    """The conversation as roles and contents, oldest first, in the words that the model read and
    wrote. Turns without an answer are left out, because no prompt format knows them, and so are
    tasks that stand aside."""
    chat = _system(system_prompt)
    for turn in question.turns:
        if turn.text and not turn.aside:
            answer = turn.original or turn.text
            chat += [ChatMessage("user", _spoken(turn.said)), ChatMessage("assistant", answer)]
    return (*chat, ChatMessage("user", _spoken(question.said)))


def alone(prompt: str, system_prompt: str) -> tuple[ChatMessage, ...]:
    """A prompt without a conversation before it."""
    return (*_system(system_prompt), ChatMessage("user", prompt))


def _system(prompt: str) -> list[ChatMessage]:
    return [ChatMessage("system", prompt)] if prompt else []


def _said(message: UserMessage) -> Said:
    """Edited words keep the id that they had: so a second edit finds them."""
    return Said(
        message.replaces or message.message_id, message.text, message.sent_at, message.sender
    )


def _spoken(said: tuple[Said, ...]) -> str:
    """In a group the model sees who said what."""
    lines = ((one.sender, one.read or one.text) for one in said)
    return "\n".join(f"{sender}: {text}" if sender else text for sender, text in lines)
