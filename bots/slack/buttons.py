"""Buttons, and what they carry: ids and our own words, no user's text."""

from collections.abc import Iterable
from typing import Any

from bots import catalog
from bots.answers import Choice
from bots.asking import may_be_asked_again
from broker.messages import Reply, fence_of

Block = dict[str, Any]

REGENERATE, FEEDBACK, COMMAND = "again", "feedback", "do"
UP, DOWN = "up", "down"
MAX_VALUE = 2000  # characters
MAX_LABEL = 75
IN_A_ROW = 5


def under_answer(reply: Reply) -> tuple[Block, ...]:
    """Thumbs in Slack's own form for what the model said; and again, where that makes sense."""
    fence = fence_of(reply.reply_id)
    again = catalog.text("regenerate", reply.language)
    thumbs = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": {
            "text": _label(catalog.text("slack-good", reply.language)),
            "value": f"{UP}:{fence}",
        },
        "negative_button": {
            "text": _label(catalog.text("slack-bad", reply.language)),
            "value": f"{DOWN}:{fence}",
        },
    }
    blocks: list[Block] = []
    if reply.text:
        blocks.append({"type": "context_actions", "elements": [thumbs]})
    if may_be_asked_again(reply):
        button = _button(f"🔄 {again}", REGENERATE, fence)
        blocks.append({"type": "actions", "elements": [button]})
    return tuple(blocks)


def rated(blocks: Iterable[Block]) -> str:
    """The fence of the answer whose thumbs are among these blocks; "" when there are none."""
    for block in blocks:
        for element in block.get("elements") or ():
            if element.get("action_id") == FEEDBACK:
                return str(element["positive_button"]["value"]).partition(":")[2]
    return ""


def of_choices(choices: tuple[Choice, ...]) -> tuple[Block, ...]:
    """A button for each choice; none without choices."""
    buttons = []
    for number, choice in enumerate(choices):
        carried = f"{choice.command}:{choice.argument}"
        if len(carried) <= MAX_VALUE:
            buttons.append(_button(choice.label, f"{COMMAND}:{number}", carried))
    rows = [buttons[first : first + IN_A_ROW] for first in range(0, len(buttons), IN_A_ROW)]
    return tuple({"type": "actions", "elements": row} for row in rows)


def _button(label: str, action: str, value: str) -> Block:
    return {"type": "button", "text": _label(label), "action_id": action, "value": value}


def _label(text: str) -> Block:
    return {"type": "plain_text", "text": text[:MAX_LABEL], "emoji": True}
