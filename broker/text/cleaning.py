"""Characters that hide or reorder text, taken out of what people send.

After Unicode's reports on security (UTR 36, UTS 39) and CVE-2021-42574. What a reader would miss
stays: joiners in Arabic words and in emoji, flags, vowel signs, single direction marks. Taken out
are bidi overrides, isolates without their end, tag characters, what has no width, and more than
three marks on one letter.
"""

import re

import regex

MOST_MARKS = 3
"""Shadda, a vowel and a small alef are three."""

_ALWAYS = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters but blanks and line ends
    r"\u202a-\u202e\U000e0000-\U000e0fff"  # overrides; tags, selectors, and what may yet come there
    r"\u200b\u2060-\u2065\u206a-\u206f\ufeff\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u3164\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\u2800"  # Braille without a dot: a blank that is no blank
)
# Those that stand above and below letters of any script, and Arabic's own; other scripts have
# letters with more than three.
_MARK = (
    r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
# Nearly every message has none of these and is looked at no further. One set: a choice of two
# would take seventeen times as long.
_SUSPECT = re.compile(rf"[{_ALWAYS}{_MARK}\u200c-\u200f\u061c\u2066-\u2069\ufe00-\ufe0f]")
# Flags of regions (Scotland, Wales) are spelled in tag characters behind a black flag. Only their
# own letters, few: else any text could hide there.
_FLAG = r"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_HIDDEN = re.compile(rf"({_FLAG})|[{_ALWAYS}]")
_ISOLATE = re.compile(r"[\u2066-\u2069]")
_PDI = "\u2069"
# A selector says how an emoji looks; before an enclosing keycap also how a digit does.
_SELECTOR = regex.compile(
    r"(?<=\p{Extended_Pictographic})([\ufe0e\ufe0f])[\ufe00-\ufe0f]*"
    r"|(?<=[0-9#*])(\ufe0f)(?=\u20e3)|[\ufe00-\ufe0f]+"
)
_ARABIC = r"[\p{Arabic}&&\p{L}]"
_JOINED = regex.compile(
    rf"(?<={_ARABIC}\p{{M}}*)([\u200c\u200d])[\u200c\u200d]*(?={_ARABIC})"
    r"|(?<=\p{Extended_Pictographic}[\ufe0f\U0001f3fb-\U0001f3ff]?)"
    r"(\u200d)\u200d*(?=\p{Extended_Pictographic})"
    r"|(?<=\p{ccc=9})([\u200c\u200d])[\u200c\u200d]*"  # they shape the letters of India
    r"|[\u200c\u200d]+",
    regex.VERSION1,
)
_MARKS = re.compile(rf"([{_MARK}]{{{MOST_MARKS}}})[{_MARK}]+")
_DIRECTIONS = re.compile(r"[\u200e\u200f\u061c]+(?=[\u200e\u200f\u061c])")


def clean(text: str) -> str:
    """The text without what hides or reorders it; mostly the same object."""
    if not _SUSPECT.search(text):
        return text
    text = _HIDDEN.sub(_kept, text)
    if _ISOLATE.search(text):
        text = "".join(map(_with_balanced_isolates, text.splitlines(keepends=True)))
    text = _SELECTOR.sub(_kept, text)
    text = _JOINED.sub(_kept, text)
    text = _MARKS.sub(_kept, text)
    return _DIRECTIONS.sub("", text)


def _kept(match: re.Match[str] | regex.Match[str]) -> str:
    """The group that took part, if one did."""
    return match[match.lastindex] if match.lastindex else ""


def _with_balanced_isolates(line: str) -> str:
    opened: list[int] = []
    alone: set[int] = set()
    for match in _ISOLATE.finditer(line):
        if match.group() != _PDI:
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            alone.add(match.start())
    alone.update(opened)
    return "".join(one for at, one in enumerate(line) if at not in alone) if alone else line
