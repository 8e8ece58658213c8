"""From the model's Markdown to messages that Slack takes: blocks and a plain text, in parts. Pure.

Slack's mentions are harmless in what leaves here: a model must not call a whole channel.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_markdown_parser import (
    add_zero_width_spaces_to_markdown,
    build_fallback_text_from_blocks,
    convert_markdown_to_slack_blocks,
    split_blocks_by_table,
)

from bots.slack.sides import fences, led, marked, one_sided, tables_of
from bots.slack.text import escaped
from broker.text.splitting import split

Block = dict[str, Any]

TEXT_CHARS = 3000  # of the plain text beside blocks: notifications show it
SECTION_CHARS = 2900
MARKDOWN_CHARS = 12_000
LEAST_CHARS = 80  # so few hold no more headings than a message may
BUTTONS = ("actions", "context_actions")
# A message holds fifty items. The buttons under an answer are two.
_ROOM: tuple[Block, ...] = ({"type": "divider"}, {"type": "divider"})
# What is appended to a stream ends after a blank, so that no mention can hide in two calls.
HELD_CHARS = 64
CUT = 64  # what closing and opening code again may add to a piece

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]|[\u2066-\u2069\u202a-\u202e]")
_JOINER = "\u2060"  # invisible, and no blank: the line does not break there
_ANGLE = re.compile(r"<(?=!(?:channel|here|everyone|subteam\^)|@[A-Z0-9]|#[CG][A-Z0-9]{2})")
# Without an end of the word: what follows it may become a link of its own.
_AT = re.compile(r"(?<![\w.+-])@(?=channel|here|everyone)")
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_HEADING = re.compile(r"^#{1,6}[ \t].*\n\s*", re.MULTILINE)
_INLINE = re.compile(r"`[^`\n]+`|\[[^\]\n]*\]\([^)\s]*\)|https?://\S+|\*\*[^*\n]+\*\*")


@dataclass(frozen=True, slots=True)
class Part:
    """One message; `text` says all that the blocks show."""

    text: str
    blocks: tuple[Block, ...] = ()

    def plain(self) -> "Part":
        """The same without markup, for a workspace that refuses it; its buttons stay."""
        sections = tuple(
            {"type": "section", "text": {"type": "plain_text", "text": self.text[start:end]}}
            for start, end in split(self.text, SECTION_CHARS)
            if self.text[start:end].strip()
        )
        return Part(self.text, (*sections, *self._buttons))

    def simpler(self) -> "Part | None":
        """What to try when Slack refuses this: without markup, then without buttons."""
        plain = self.plain()
        if self.blocks != plain.blocks:
            return plain
        return Part(self.text, Part(self.text).plain().blocks) if self._buttons else None

    @property
    def _buttons(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block["type"] in BUTTONS)

    def above(self, *blocks: Block) -> "Part":
        """With more blocks below."""
        return Part(self.text, (*self.blocks, *blocks)) if blocks else self

    @property
    def notification(self) -> str:
        """The text beside the blocks, as Slack wants it."""
        return escaped(self.text[:TEXT_CHARS])


def render(markdown: str, limit: int) -> tuple[Part, ...]:
    """The messages that say this Markdown, each of about `limit` characters at most."""
    text = _harmless(marked(clean(markdown)))  # a mark may part an @ from the letter before it
    parts: list[Part] = []
    for piece in _pieces(text, limit):
        for payload in _roomy(piece):
            part = Part(payload["text"], tuple(payload["blocks"]))
            # All markup and no text: show it as it is.
            part = part.plain() if any(map(_is_empty, part.blocks)) else part
            if part.blocks:
                parts.append(part)
    if not parts:
        return tuple(Part(piece.strip()).plain() for piece in _pieces(text, limit))
    return tuple(parts)


def _roomy(piece: str) -> list[dict[str, Any]]:
    """Messages that leave room for buttons below."""
    payloads = _payloads(piece)
    if len(piece) <= LEAST_CHARS or all(_has_room(one["blocks"]) for one in payloads):
        return payloads
    return [one for half in _pieces(piece, len(piece) // 2 + CUT) for one in _roomy(half)]


def _has_room(blocks: list[Block]) -> bool:
    is_table = any(block["type"] == "table" for block in blocks)  # which comes alone
    return is_table or len(split_blocks_by_table([*_ROOM, *blocks])) == 1


def _payloads(piece: str) -> list[dict[str, Any]]:
    """The messages, with blocks of one direction each."""
    blocks = [block for text in one_sided(piece) for block in _blocks(text)]
    return [
        {"blocks": some, "text": build_fallback_text_from_blocks(some).strip() or " "}
        for some in split_blocks_by_table(blocks)
    ]


def _blocks(text: str) -> list[Block]:
    """The library's blocks. It takes any two lines with a bar for a table, and drops what is in
    no column: such a table stays text."""
    blocks = convert_markdown_to_slack_blocks(text)
    tables = any(block["type"] == "table" for block in blocks)
    if not tables or (_RULE.search(text) and not _loses_words(text, blocks)):
        return blocks
    spaced = add_zero_width_spaces_to_markdown(text)
    return [{"type": "markdown", "text": spaced if len(spaced) <= MARKDOWN_CHARS else text}]


def _loses_words(text: str, blocks: list[Block]) -> bool:
    shown = Counter(_WORD.findall("\n".join(_strings(blocks))))
    lines = text.splitlines()
    below = [*lines[1:], ""]  # a table's first line needs no bar
    rows = "\n".join(one for one, two in zip(lines, below, strict=True) if "|" in one + two)
    return any(shown[word] < count for word, count in Counter(_WORD.findall(rows)).items())


def _strings(value: object) -> Iterator[str]:
    """Every text and address inside."""
    if isinstance(value, dict):
        value = [one for name, one in value.items() if name not in ("type", "style")]
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str):
        yield value


def clean(markdown: str) -> str:
    """Without control characters, and with mentions that call nobody."""
    text = _CONTROL.sub("", markdown.replace("\r\n", "\n"))
    return _harmless(text)


def _harmless(text: str) -> str:
    return _AT.sub(f"@{_JOINER}", _ANGLE.sub(f"<{_JOINER}", text))


def for_stream(so_far: str, limit: int) -> str:
    """What of an unfinished answer may be shown: each answer begins with the one before."""
    text = clean(so_far)
    end = max(text.rfind(" "), text.rfind("\n")) + 1
    end = max(end, len(text) - HELD_CHARS)
    if end > limit:
        end = max(text.rfind(" ", 0, limit), text.rfind("\n", 0, limit)) + 1 or limit
    return led(text[:end])


def words(text: str) -> Part:
    """The bot's own words: one message, as they are."""
    return Part(text, Part(marked(text)).plain().blocks)


def _is_empty(element: Any) -> bool:
    """Whether Slack would refuse it because some text in it is none."""
    if isinstance(element, dict):
        kind, text = element.get("type"), element.get("text")
        if (kind == "text" and text == "") or (kind == "markdown" and not str(text).strip()):
            return True
        return any(map(_is_empty, element.values()))
    return isinstance(element, list) and any(map(_is_empty, element))


def _pieces(text: str, limit: int) -> list[str]:
    """Cut at natural ends; code that must be cut goes on as code."""
    code = fences(text)
    whole = [*code, *tables_of(text)]
    whole += [match.span() for match in _INLINE.finditer(text)]
    # A heading stays with what it heads.
    whole += [(match.start(), min(match.end() + 1, len(text))) for match in _HEADING.finditer(text)]
    pieces = []
    for start, end in split(text, limit - CUT, whole=whole):
        piece = text[start:end]
        for first, last in code:
            opening = text[first : text.find("\n", first) + 1]
            if first < start < last:
                piece = opening + piece
            if first < end < last:
                piece = piece.rstrip("\n") + "\n" + opening.strip()[:3]
        pieces.append(piece)
    return [piece for piece in pieces if piece.strip()]
