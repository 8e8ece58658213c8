"""Buttons, and what they carry: at most 64 bytes, no user's text."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bots.commands import Choice
from bots.phrases import phrase
from broker.messages import Reply

MAX_BYTES = 64
REGENERATE, UP, DOWN, COMMAND = "again", "up", "down", "do"


def under_answer(reply: Reply) -> InlineKeyboardMarkup:
    """Try again, and thumbs up and down."""
    fence = reply.reply_id.rpartition("/")[2]
    again = phrase("regenerate", reply.language)
    row = [
        InlineKeyboardButton(f"🔄 {again}", callback_data=REGENERATE),
        InlineKeyboardButton("👍", callback_data=f"{UP}:{fence}"),
        InlineKeyboardButton("👎", callback_data=f"{DOWN}:{fence}"),
    ]
    return InlineKeyboardMarkup([row])


def of_choices(choices: tuple[Choice, ...]) -> InlineKeyboardMarkup | None:
    """One choice a line; None without choices."""
    rows = []
    for choice in choices:
        carried = f"{COMMAND}:{choice.command}:{choice.argument}"
        if len(carried.encode()) <= MAX_BYTES:
            rows.append([InlineKeyboardButton(choice.label, callback_data=carried)])
    return InlineKeyboardMarkup(rows) if rows else None
