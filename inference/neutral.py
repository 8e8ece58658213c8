"""Text that looks like a prompt's own marks, made harmless before a model reads it.

Marks such as `[INST]` or `### Response:` are plain text to a tokenizer, so no token id tells a
template's from a user's. Here a space goes behind the first character of each mark that is not
the template's: `[ INST]`, `# ## Response:`. People still read it; no model has seen it as a
mark; and no tokenizer undoes it, since none joins what a space parts.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

_SPACES = frozenset(" \u2581")  # SentencePiece writes a space as the second
_SELECTORS = range(0xFE00, 0xFE10)


def neutralize(text: str, marks: Sequence[str]) -> str:
    """`text` with no mark in it, also none that a tokenizer's normalizer would bring about.

    Full-width letters, invisible characters and runs of spaces are seen through. `marks` hold
    single spaces at most, and two visible characters at least.
    """
    compatible = unicodedata.normalize("NFKC", text)
    if not any(mark[0] in compatible for mark in marks):
        return text  # nearly always, and without a look at each character
    seen = list(_seen(text))
    folded = "".join(character for character, _ in seen)
    places = [at for _, at in seen]
    breaks = set()
    for found in _pattern(tuple(marks)).finditer(folded):
        # One letter may be seen as several: the break goes behind all of them.
        breaks.add(places[bisect_right(places, places[found.start()])])
    return "".join(f" {letter}" if at in breaks else letter for at, letter in enumerate(text))


@cache
def _pattern(marks: tuple[str, ...]) -> re.Pattern[str]:
    """Finds where marks start, those within others too."""
    return re.compile(f"(?=(?:{'|'.join(map(re.escape, marks))}))")


def _seen(text: str) -> Iterator[tuple[str, int]]:
    """The characters that a tokenizer may see, each with the index of where it stands."""
    space_before = False
    for at, letter in enumerate(text):
        if letter.isspace() or letter in _SPACES:
            if not space_before:
                yield " ", at
            space_before = True
        elif not _is_invisible(letter):
            space_before = False
            for character in unicodedata.normalize("NFKC", letter):
                yield character, at


def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cf", "Cc") or ord(letter) in _SELECTORS
