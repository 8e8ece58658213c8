"""What goes over the socket: requests of the page, frames for the page. Pure.

The page's view of a reply's id is its fence alone, a number that grows from turn to turn.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from bots import catalog, words
from bots.language import guess
from broker.conversation import Snapshot
from broker.inbox import Receipt
from broker.messages import Address, Reply, ReplyDelta, Turn, UserMessage, fence_of

# Ids are the page's own (a UUID), so that sending again is harmless.
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]

LONG_WAIT_S = 3.0  # for a shorter one the moving dots say enough

Fence = Annotated[str, Field(pattern=r"^[0-9]{0,20}$")]


@dataclass(frozen=True, slots=True)
class Say:
    """The user wrote."""

    type: Literal["say"]
    id: MessageId
    text: str


@dataclass(frozen=True, slots=True)
class Regenerate:
    """The user wants another answer to the last question."""

    type: Literal["regenerate"]
    id: MessageId


@dataclass(frozen=True, slots=True)
class Wish:
    """stop: the answer; forget: the conversation; look: send the whole view; ping: answer.

    `answer`: the fence of the one to stop, when the page shows it; "": whatever is waited for.
    """

    type: Literal["stop", "forget", "look", "ping"]
    answer: Fence = ""


Request = Say | Regenerate | Wish
_REQUESTS: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="type")])


def read_request(raw: str) -> Request:
    """Read what the page sent. Raises ValueError."""
    try:
        return _REQUESTS.validate_json(raw, strict=True)
    except ValidationError as error:
        # The text of the request stays out of the error, which is logged.
        raise ValueError(", ".join(problem["type"] for problem in error.errors())) from None


def to_user_message(
    request: Say | Regenerate, address: Address, session: str, language: str, now: float
) -> UserMessage:
    """What the inbox wants; `language` is the one that the user had before."""
    text = request.text if isinstance(request, Say) else ""
    return UserMessage(
        address=address,
        message_id=request.id,
        user_id=session,
        text=text,
        sent_at=now,
        language=guess(text, language),
        action="say" if isinstance(request, Say) else "regenerate",
    )


def receipt_frame(message: UserMessage, receipt: Receipt) -> str:
    return _frame(
        "receipt",
        id=message.message_id,
        action=message.action,
        text=message.text,
        at=message.sent_at,
        status=receipt.status,
        kept=receipt.kept,
        wait_s=round(receipt.wait_s, 1),
        wait=_wait(receipt, message.language),
        words=words.about_receipt(receipt, message.language),
    )


def _wait(receipt: Receipt, language: str) -> str:
    """How long the answer will be awaited, where that is worth a word."""
    if receipt.status != "accepted" or receipt.wait_s < LONG_WAIT_S:
        return ""
    return catalog.text("web-busy", language, time=words.duration(receipt.wait_s, language))


def unavailable_frame(message: UserMessage, for_good: bool) -> str:
    """Redis could not take the message. `for_good`: no use trying again by itself."""
    return _frame(
        "receipt",
        id=message.message_id,
        action=message.action,
        status="failed" if for_good else "unavailable",
        kept=False,
        wait_s=0,
        wait="",
        words=catalog.text("unavailable", message.language),
    )


def view_frame(snapshot: Snapshot, whole: bool, language: str, ended: Sequence[Reply] = ()) -> str:
    """The conversation, or (not `whole`) its end. `ended`: replies that brought this view about."""
    return _frame(
        "view",
        whole=whole,
        status=snapshot.status,
        model=snapshot.model,
        turns=[_turn(turn, language) for turn in snapshot.turns],
        pending=[_pending(message) for message in snapshot.pending],
        partial=_partial(snapshot),
        remarks=[_remark(reply) for reply in ended],
    )


def delta_frame(delta: ReplyDelta) -> str:
    return _frame("delta", id=fence_of(delta.reply_id), offset=delta.offset, text=delta.text)


def pong_frame() -> str:
    return _frame("pong")


def trouble_frame(away: bool) -> str:
    """Whether Redis is away."""
    return _frame("trouble", away=away)


def last_language(turns: Sequence[Turn], otherwise: str) -> str:
    """The language that the user wrote last."""
    return next((turn.language for turn in reversed(turns) if turn.language), otherwise)


def _frame(kind: str, **content: object) -> str:
    return json.dumps({"type": kind, **content}, ensure_ascii=False, separators=(",", ":"))


def _turn(turn: Turn, language: str) -> dict[str, object]:
    return {
        "id": fence_of(turn.reply_id),
        "said": [
            {"id": said.message_id, "text": said.text, "at": said.sent_at} for said in turn.said
        ],
        "text": turn.text,
        "outcome": turn.outcome,
        "at": turn.created_at,
        "notes": words.about_reply(turn, language),
    }


def _pending(message: UserMessage) -> dict[str, object]:
    return {
        "id": message.message_id,
        "action": message.action,
        "text": message.text,
        "at": message.sent_at,
    }


def _partial(snapshot: Snapshot) -> dict[str, str] | None:
    if not snapshot.partial_id:
        return None
    return {"id": fence_of(snapshot.partial_id), "text": snapshot.partial}


def _remark(reply: Reply) -> dict[str, object]:
    """What history may not remember: an outcome that left no turn behind."""
    return {"id": fence_of(reply.reply_id), "words": words.about_reply(reply)}
