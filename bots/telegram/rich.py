"""From the model's Markdown to rich messages (Bot API 10.1): documents with headings and tables.

Pure. They go as Telegram's own HTML, made from the parsed Markdown with every text escaped: raw
Markdown would let a model write whatever tags Telegram comes to know.
"""

import html
import re
from dataclasses import dataclass

from telegramify_markdown.rich import richify, split_rich

from bots.telegram.rendering import clean, guarded, unguarded
from broker.text.direction import direction

_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*>')  # nothing is fetched for a model
_EMOJI = re.compile(r"</?tg-emoji[^>]*>")
_LINK = re.compile(r'<a href="(?!https?://|mailto:|#)[^"]*">(.*?)</a>', re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|pre|blockquote|td|th)>|<hr/>|<br/>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Rich:
    """One rich message."""

    html: str
    rtl: bool

    def payload(self) -> dict[str, object]:
        """An InputRichMessage. What looks like a mention or a command in it is text."""
        return {"html": self.html, "is_rtl": self.rtl, "skip_entity_detection": True}

    def plain(self) -> str:
        """Its text, a line for each of its blocks."""
        lines = _TAG.sub("", _BLOCK_END.sub("\n", self.html)).splitlines()
        return html.unescape("\n".join(line for line in lines if line.strip()))


def render_rich(markdown: str, limit: int) -> tuple[Rich, ...]:
    """The rich messages that say this Markdown, each of at most `limit` bytes of HTML (Telegram
    counts characters, which are fewer)."""
    source = clean(markdown)
    rtl = direction(source) == "rtl"
    whole = richify(guarded(source))
    parts = split_rich(whole, byte_limit=limit) if whole.html else []
    return tuple(Rich(_tamed(part.html or ""), rtl) for part in parts)


def _tamed(text: str) -> str:
    text = _IMAGE.sub(lambda found: f'<a href="{found[1]}">{found[2] or found[1]}</a>', text)
    text = _LINK.sub(r"\1", _EMOJI.sub("", text))
    return unguarded(text, less="&lt;")
