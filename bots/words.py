"""What the bot says of a message or an answer, and of time, in the user's language."""

import math

from bots.catalog import text
from broker.inbox import Receipt, Status
from broker.messages import Notice, Outcome, Reply, Turn
from broker.waiting import Line

_MINUTES_FROM_S = 90

# The messages of the catalog; "" where nothing needs to be said.
_REFUSALS: dict[Status, str] = {
    "inbox_full": "inbox-full",
    "rate_limited": "rate-limited",
    "overloaded": "overloaded",
    "paused": "paused",
    "too_long": "message-too-long",
    "empty": "empty",
}
_OUTCOMES: dict[Outcome, str] = {
    "answered": "",
    "interrupted": "",  # the next answer follows at once
    "stopped": "stopped",
    "timed_out": "timed-out",
    "failed": "failed",
    "too_long": "too-long",
    "set_aside": "set-aside",
    "nothing_to_regenerate": "nothing-to-regenerate",
    "refused": "refused",
    "cannot": "cannot",
}
# What the rules that come with the workers name; an operator's own get the plain words.
_REFUSED: dict[str, str] = {
    "self_harm": "refused-self-harm",
    "violence": "refused-violence",
    "weapons": "refused-weapons",
    "sexual_minors": "refused-sexual-minors",
    "sexual": "refused-sexual",
    "hate": "refused-hate",
    "drugs": "refused-drugs",
    "crime": "refused-crime",
}
_NOTICES: dict[Notice, str] = {
    "old_turns_dropped": "old-turns-dropped",
    "message_cut": "message-cut",
    "cut_at_length": "cut-at-length",
    "disclaimer": "disclaimer",
}


def about_receipt(receipt: Receipt, language: str) -> str:
    """Why a message was refused, or that nobody answers for now; "" when all is well."""
    if receipt.nobody:
        return text("nobody", language)
    why = _REFUSALS.get(receipt.status)
    return text(why, language, wait=duration(receipt.wait_s, language)) if why else ""


def about_outcome(outcome: Outcome, language: str) -> str:
    """Why a turn has no whole answer; "" when the answer speaks for itself."""
    why = _OUTCOMES[outcome]
    return text(why, language) if why else ""


def about_reply(reply: Reply | Turn, language: str = "") -> tuple[str, ...]:
    """What the bot adds to the text of a reply: one remark a line, mostly none.

    `language` serves when the reply does not know its own.
    """
    language = reply.language or language
    outcome = _about_refusal(reply, language) or about_outcome(reply.outcome, language)
    notices = (text(_NOTICES[notice], language) for notice in reply.notices)
    return (*((outcome,) if outcome else ()), *notices)


def _about_refusal(reply: Reply | Turn, language: str) -> str:
    why = _REFUSED.get(reply.refusal) if reply.outcome == "refused" else None
    return text(why, language) if why else ""


def about_line(line: Line, language: str) -> str:
    """How many come first, and for how long."""
    wait = duration(line.wait_s, language)
    return text("in-line", language, number=line.in_front, wait=wait)


def duration(seconds: float, language: str) -> str:
    """A time as people say it: whole seconds below ninety, then minutes, rounded up."""
    whole = max(1, math.ceil(seconds))
    if whole < _MINUTES_FROM_S:
        return text("seconds", language, count=whole)
    return text("minutes", language, count=math.ceil(whole / 60))
