"""A message to send, as a part of a delivery."""

from dataclasses import dataclass, replace

from telegram import InlineKeyboardMarkup

from bots.telegram.api import Content
from bots.telegram.part import Part
from bots.telegram.place import Place

FIRST = ("0", "rich0")  # names of the part for which a placeholder may stand


@dataclass(frozen=True, slots=True)
class Item:
    """A message to send: a part of a delivery, by its name in the record.

    `answers` is the message that it visibly answers, `after` one that is older than it; 0: none.
    """

    delivery: str
    name: str
    place: Place
    content: Content
    keyboard: InlineKeyboardMarkup | None = None
    answers: int = 0
    after: int = 0

    @property
    def logged(self) -> dict[str, str]:
        """What a log line says of it: no text."""
        return {"delivery": self.delivery, "part": self.name}

    @property
    def is_first(self) -> bool:
        """Of its delivery: the one for which a placeholder may stand."""
        return self.name in FIRST

    def moved_to(self, chat_id: int) -> "Item":
        """The same for a group that has another id now."""
        return replace(self, place=self.place.moved_to(chat_id), answers=0, after=0)

    def simpler(self) -> "Item | None":
        """The same without entities and buttons, for who refused it; None: it has none."""
        if not isinstance(self.content, Part) or not (self.content.entities or self.keyboard):
            return None
        return replace(self, content=self.content.plain(), keyboard=None)


def placeholder(place: Place) -> str:
    """The name of the placeholder among the parts of a delivery; one that is left behind in a
    group that has moved is another."""
    return f"placeholder{place.chat_id}" if place.home else "placeholder"
