"""Buttons, and what they carry: at most 64 bytes, no user's text."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bots import catalog
from bots.answers import Choice
from bots.asking import may_be_asked_again
from broker.messages import Reply, fence_of

MAX_BYTES = 64
REGENERATE, UP, DOWN, COMMAND = "again", "up", "down", "do"


def under_answer(reply: Reply) -> InlineKeyboardMarkup | None:
    """Try again, and thumbs for what the model said; None where neither makes sense."""
    fence = fence_of(reply.reply_id)
    row = []
    if may_be_asked_again(reply):
        again = catalog.text("regenerate", reply.language)
        row.append(InlineKeyboardButton(f"🔄 {again}", callback_data=f"{REGENERATE}:{fence}"))
    if reply.text:
        row.append(InlineKeyboardButton("👍", callback_data=f"{UP}:{fence}"))
        row.append(InlineKeyboardButton("👎", callback_data=f"{DOWN}:{fence}"))
    return InlineKeyboardMarkup([row]) if row else None


def of_choices(choices: tuple[Choice, ...]) -> InlineKeyboardMarkup | None:
    """One choice a line; None without choices."""
    rows = []
    for choice in choices:
        carried = f"{COMMAND}:{choice.command}:{choice.argument}"
        if len(carried.encode()) <= MAX_BYTES:
            rows.append([InlineKeyboardButton(choice.label, callback_data=carried)])
    return InlineKeyboardMarkup(rows) if rows else None
