"""Slack's own markup: from what Slack sends to what a model reads. Pure."""

import html
import re
from collections.abc import Iterator, Mapping

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
# What a text begins with, behind spaces and direction marks.
_ADDRESSEE = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]*<@([^<>|]+)")
_EVERYBODY = frozenset({"channel", "here", "everyone"})


def references(text: str) -> Iterator[tuple[str, str]]:
    """The users ("@", id) and channels ("#", id) that a text names."""
    for kind, ident, label in _REFERENCE.findall(text):
        if kind == "@" or (kind == "#" and not label):
            yield kind, ident


def mentions(text: str) -> list[str]:
    """The ids of the users that a text names, in order."""
    return [ident for kind, ident, _ in _REFERENCE.findall(text) if kind == "@"]


def addressee(text: str) -> str:
    """The id of the user whom a text begins with; "" when it begins with none."""
    begins = _ADDRESSEE.match(text)
    return begins[1] if begins else ""


def without_mention(text: str, user_id: str) -> str:
    """The model need not read its own name."""
    return re.sub(rf"<@{re.escape(user_id)}(?:\|[^<>]*)?>", "", text).strip()


def plain(text: str, names: Mapping[str, str]) -> str:
    """The text with names instead of ids; `names` by id, those unknown are left nameless."""
    return html.unescape(_REFERENCE.sub(lambda match: _named(match, names), text))


def escaped(text: str) -> str:
    """A text that Slack shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _named(match: re.Match[str], names: Mapping[str, str]) -> str:
    kind, ident, label = match.groups()
    if kind == "@":
        return f"@{names.get(ident) or label or '…'}"
    if kind == "#":
        return f"#{label or names.get(ident) or '…'}"
    if kind == "!":
        return _special(ident, label or "")
    address = ident.removeprefix("mailto:").removeprefix("tel:")
    shown = label or ""
    return f"{shown} ({address})" if shown and shown not in (ident, address) else address


def _special(ident: str, label: str) -> str:
    if ident in _EVERYBODY:
        return f"@{ident}"
    return label or (f"@{ident.partition('^')[2]}" if ident.startswith("subteam^") else "")
