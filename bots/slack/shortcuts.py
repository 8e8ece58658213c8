"""Message shortcuts, of which Slack allows an app five."""

from dataclasses import dataclass

LETTERS = "arabizi"  # or back, where the text is in them


@dataclass(frozen=True, slots=True)
class Known:
    """The command that a shortcut is; what Slack calls it, in 24 characters at most and in one
    language for all, and says of it."""

    command: str
    name: str
    description: str


SHORTCUTS = {
    "summarize_thread": Known(
        "summarize", "Summarise thread", "Mersal summarises this thread for you"
    ),
    "translate": Known("translate", "Translate message", "Mersal translates this message for you"),
    "explain": Known("explain", "Explain message", "Mersal explains this message to you"),
    "sentiment": Known(
        "sentiment", "Feeling of message", "Mersal tells which feeling this message has"
    ),
    "letters": Known(
        LETTERS, "Arabic ↔ Latin letters", "Mersal writes this message in the other letters"
    ),
}
