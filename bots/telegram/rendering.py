"""From the model's Markdown to messages that Telegram takes: text with entities, in parts.

Pure. Offsets count characters until the very end, where Telegram counts UTF-16 units.
"""

import re
import unicodedata
from dataclasses import replace

from telegramify_markdown import MessageEntity as Converted
from telegramify_markdown import RenderConfig, convert

from bots.telegram.marks import with_marks
from bots.telegram.part import Entity, Part, inserted, units
from broker.text.splitting import split, utf16_units

# Room in each part for direction marks.
MARK_UNITS = 64

_CODE = frozenset({"pre", "code"})
_STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "text_link"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_LINK = re.compile(r"https?://\S+|mailto:\S+")  # tg:// would mention people
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
# What Telegram's library drops from texts, so that offsets would no longer fit; and isolates,
# which a model has no business to write: unbalanced ones reorder what follows.
_DROPPED = re.compile("[\u202a-\u202e\u2028\u2029\r\u030a\u0333\u033f\u2066-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]|[\ud800-\udfff]")
_MARK_RUN = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
# A model's "<" is text and its "||" no spoiler: stand-ins pass both through the converter.
_LESS, _BAR = "\ue000", "\ue001"
# Behind a fence stands a language; a model that writes words there means them to be read.
_FENCE = re.compile(
    r"^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:`{3,}|~{3,}))[ \t]*"
    r"(?![A-Za-z0-9_+#.-]{1,30}[ \t]*$)([^\s`][^`\n]*)$",
    re.MULTILINE,
)
# What Telegram would take for a name, and tell its owner of: a joiner behind the "@" prevents it.
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_JOINER = "\u2060"
_BARS = re.compile(r"^(?![ \t]*\|).*\|\|.*$", re.MULTILINE)


def render(markdown: str, limit: int, mentions: bool = True) -> tuple[Part, ...]:
    """The messages that say this Markdown, each of at most `limit` UTF-16 units.

    Without `mentions` no name in it calls anybody.
    """
    text, entities = _convert(clean(markdown))
    if not text.strip():  # all markup and no text: show it as it is
        text, entities = clean(markdown), ()
    if not mentions:
        text, entities = _without_mentions(text, entities)
    room = limit - min(MARK_UNITS, limit // 4)
    whole = [(entity.start, entity.end) for entity in entities if entity.kind not in _QUOTES]
    ranges = split(text, room, utf16_units, whole)
    parts = (_cut(text, entities, start, end) for start, end in ranges)
    return tuple(_marked(part, limit) for part in parts if part.text)


def plain_parts(text: str, limit: int, mentions: bool = True) -> tuple[Part, ...]:
    """The messages that say this text as it is, each of at most `limit` UTF-16 units.

    Without `mentions` no name in it calls anybody.
    """
    if not mentions:
        text, _ = _without_mentions(text, ())
    ranges = split(text, limit, utf16_units)
    pieces = (text[start:end].strip("\n") for start, end in ranges)
    return tuple(_marked(Part(piece), limit) for piece in pieces if piece.strip())


def clean(text: str) -> str:
    """Without what Telegram would drop or replace by itself."""
    text = re.sub(".\u030a", lambda match: unicodedata.normalize("NFC", match.group()), text)
    text = _CONTROL.sub(" ", _DROPPED.sub("", text.replace("\r\n", "\n")))
    return _MARK_RUN.sub("", text.replace(_LESS, "").replace(_BAR, ""))


def guarded(markdown: str) -> str:
    """With stand-ins for what a converter would take for more than text."""
    text = markdown.replace("<", _LESS)
    text = _BARS.sub(lambda match: match.group().replace("||", _BAR * 2), text)
    return _FENCE.sub(r"\1\n\2", text)


def unguarded(text: str, less: str = "<") -> str:
    """Without the stand-ins; `less` is how "<" is written."""
    return text.replace(_LESS, less).replace(_BAR, "|")


def _config() -> RenderConfig:
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = ""
    symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.unordered_list_item = "•"
    return config


_CONFIG = _config()


def _convert(markdown: str) -> tuple[str, tuple[Entity, ...]]:
    text, converted = convert(guarded(markdown), config=_CONFIG)
    text = unguarded(text)
    return text, _tidy(text, _in_characters(text, converted))


def _in_characters(text: str, converted: list[Converted]) -> list[Entity]:
    at: dict[int, int] = {}
    unit = 0
    for index, character in enumerate(text):
        at[unit] = index
        unit += utf16_units(character)
    at[unit] = len(text)
    found = []
    for entity in converted:
        start, end = at.get(entity.offset), at.get(entity.offset + entity.length)
        if start is not None and end is not None:
            url, language = entity.url or "", entity.language or ""
            found.append(Entity(entity.type, start, end, url, language))
    return found


def _tidy(text: str, entities: list[Entity]) -> tuple[Entity, ...]:
    """Only entities that Telegram takes: in order, nested or apart, nothing inside code."""
    tidied: list[Entity] = []
    ordered = sorted(filter(None, (_trim(text, one) for one in entities)), key=_outer_first)
    for entity in ordered:
        around = [one for one in tidied if one.end > entity.start]
        if any(one.kind in _CODE or one.kind == entity.kind for one in around):
            continue
        if any(one.kind in _QUOTES for one in around) and entity.kind in _QUOTES:
            continue
        if entity.kind in _CODE and any(one.kind not in _QUOTES for one in around):
            continue
        end = min((one.end for one in around), default=entity.end)
        tidied.append(replace(entity, end=min(end, entity.end)))
    return tuple(tidied)


def _outer_first(entity: Entity) -> tuple[int, int]:
    return entity.start, -entity.end


def _trim(text: str, entity: Entity) -> Entity | None:
    """Without blanks at its ends; None when nothing is left, or Telegram would refuse it."""
    if entity.kind not in _CODE | _STYLES | _QUOTES:
        return None
    if entity.kind == "text_link" and not _LINK.fullmatch(entity.url):
        return None
    inner = text[entity.start : entity.end]
    start = entity.start + len(inner) - len(inner.lstrip())
    end = entity.end - (len(inner) - len(inner.rstrip()))
    if start >= end:
        return None
    language = entity.language if _LANGUAGE.fullmatch(entity.language) else ""
    return replace(entity, start=start, end=end, language=language)


def _cut(text: str, entities: tuple[Entity, ...], start: int, end: int) -> Part:
    """The part from `start` to `end`, without blank lines around it."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip("\n"))
    if not any(entity.kind == "pre" and entity.start <= start < entity.end for entity in entities):
        start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    piece = text[start:end]
    clipped = (
        replace(one, start=max(one.start, start) - start, end=min(one.end, end) - start)
        for one in entities
        if one.end > start and one.start < end
    )
    return Part(piece, tuple(filter(None, (_trim(piece, one) for one in clipped))))


def _marked(part: Part, limit: int) -> Part:
    """With direction marks where a reader needs them and the message has room."""
    code = [(one.start, one.end, one.kind) for one in part.entities if one.kind in _CODE]
    places = with_marks(part.text, code)
    if not places or units(part.text) + len(places) > limit:
        return part
    return Part(*inserted(part.text, part.entities, places))


def _without_mentions(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """Code is left as it is: in it Telegram looks for no names."""
    code = [one for one in entities if one.kind in _CODE]
    names = (found.end() for found in _MENTION.finditer(text))
    places = [(at, _JOINER) for at in names if not any(c.start < at <= c.end for c in code)]
    return inserted(text, entities, places)
