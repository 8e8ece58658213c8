"""One message of text: its words, and the ranges of them that look or work otherwise."""

from dataclasses import dataclass, replace

from broker.text.marks import Marks
from broker.text.splitting import utf16_units

MAX_ENTITIES = 100  # Telegram ignores those after


@dataclass(frozen=True, slots=True)
class Entity:
    """A range of the text that looks or works otherwise; in characters."""

    kind: str
    start: int
    end: int
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One message."""

    text: str
    entities: tuple[Entity, ...] = ()

    def plain(self) -> "Part":
        """The same without entities, for a server that refuses them."""
        return Part(self.text)

    def api_entities(self) -> list[dict[str, str | int]]:
        """The entities as the Bot API wants them, in UTF-16 units."""
        units = [0]
        for character in self.text:
            units.append(units[-1] + utf16_units(character))
        return [
            {
                "type": entity.kind,
                "offset": units[entity.start],
                "length": units[entity.end] - units[entity.start],
                **({"url": entity.url} if entity.url else {}),
                **({"language": entity.language} if entity.language else {}),
            }
            for entity in self.entities[:MAX_ENTITIES]
        ]


def units(text: str) -> int:
    """The length that Telegram counts."""
    return sum(map(utf16_units, text))


def inserted(
    text: str, entities: tuple[Entity, ...], places: Marks
) -> tuple[str, tuple[Entity, ...]]:
    """With a character inserted at each of these places, which are in order."""
    told, last = "", 0
    for place, character in places:
        told += text[last:place] + character
        last = place
    told += text[last:]
    at = [place for place, _ in places]
    moved = (
        replace(
            one,
            start=one.start + sum(place <= one.start for place in at),
            end=one.end + sum(place < one.end for place in at),
        )
        for one in entities
    )
    return told, tuple(moved)
