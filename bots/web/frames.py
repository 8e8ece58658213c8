"""What the page is told over the socket. Pure.

The page's view of a reply's id is its fence alone, a number that grows from turn to turn.
"""

import json
from collections.abc import Sequence

from bots import catalog, words
from bots.answers import Answer, Document
from bots.language import Language, written
from bots.web.choices import Setting
from bots.web.headings import heading
from bots.web.labels import labels
from bots.web.offers import Offer
from bots.web.requests import Regenerate, Say
from broker.conversation import Snapshot
from broker.inbox import Receipt
from broker.messages import Reply, ReplyDelta, Turn, UserMessage, fence_of

LONG_WAIT_S = 3.0  # for a shorter one the moving dots say enough


def receipt_frame(message: UserMessage, receipt: Receipt) -> str:
    return _frame(
        "receipt",
        **_pending(message, ""),
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


def asked_frame(ident: str, receipt: Receipt, words: str, language: str) -> str:
    """What became of what a command asked of a model; when it was kept, a view shows it."""
    return _frame(
        "receipt",
        id=ident,
        action="say",
        status="asked" if receipt.kept else receipt.status,
        kept=receipt.kept,
        wait=_wait(receipt, language),
        words=words,
    )


def answer_frame(ident: str, command: str, argument: str, answer: Answer, page: str) -> str:
    """The bot's own answer to a command. `page`: its language."""
    shown = heading(command, "", page) if answer.quotes else ""
    return _frame(
        "receipt",
        id=ident,
        action="say",
        status="told",
        kept=True,
        forgets=command == "forget",
        text=argument if shown else f"/{command} {argument}".rstrip(),
        label=shown,
        answer=answer.text,
        choices=[
            {"words": each.label, "write": f"/{each.command} {each.argument}".rstrip()}
            for each in answer.choices
        ],
        document=_document(answer.document),
    )


def _document(document: Document | None) -> dict[str, str] | None:
    if document is None:
        return None
    return {"name": document.name, "content": document.content.decode()}


def page_frame(language: Language) -> str:
    """The page is to be in this language from now on."""
    return _frame("page", language=language, direction=written(language), labels=labels(language))


def about_frame(offers: Sequence[Offer], settings: Sequence[Setting]) -> str:
    return _frame("about", offers=offers, settings=settings)


def unavailable_frame(request: Say | Regenerate, language: str, for_good: bool) -> str:
    """Redis could not take the message. `for_good`: no use trying again by itself."""
    return _frame(
        "receipt",
        id=request.id,
        action=request.type,
        status="failed" if for_good else "unavailable",
        kept=False,
        wait_s=0,
        wait="",
        words=catalog.text("unavailable", language),
    )


def view_frame(
    snapshot: Snapshot, whole: bool, language: str, page: str, ended: Sequence[Reply] = ()
) -> str:
    """The conversation, or (not `whole`) its end. `language`: the user's, `page`: the page's;
    `ended`: replies that brought this view about."""
    return _frame(
        "view",
        whole=whole,
        status=snapshot.status,
        model=snapshot.model,
        turns=[_turn(turn, language, page) for turn in snapshot.turns],
        pending=[_pending(message, page) for message in snapshot.pending],
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


def _turn(turn: Turn, language: str, page: str) -> dict[str, object]:
    return {
        "id": fence_of(turn.reply_id),
        "said": [
            {"id": said.message_id, "text": said.text, "at": said.sent_at} for said in turn.said
        ],
        "text": turn.text,
        "outcome": turn.outcome,
        "at": turn.created_at,
        "label": heading(turn.task, turn.target, page),
        "aside": turn.aside,
        "notes": words.about_reply(turn, language),
    }


def _pending(message: UserMessage, page: str) -> dict[str, object]:
    return {
        "id": message.message_id,
        "action": message.action,
        "text": message.text,
        "at": message.sent_at,
        "label": heading(message.task, message.target, page),
        "aside": bool(message.task) and not message.keeps,
    }


def _partial(snapshot: Snapshot) -> dict[str, str] | None:
    if not snapshot.partial_id:
        return None
    return {"id": fence_of(snapshot.partial_id), "text": snapshot.partial}


def _remark(reply: Reply) -> dict[str, object]:
    """What history may not remember: an outcome that left no turn behind."""
    return {"id": fence_of(reply.reply_id), "words": words.about_reply(reply)}
