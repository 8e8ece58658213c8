"""The lexicon keeps to its own conventions, and every line of it can be found."""

import re
from collections import Counter

from broker.text import lexicon
from broker.text.arabizi_fold import collapse, fold_latin
from broker.text.lexicon import Entry
from broker.text.lexicon_words import known

WRITTEN = [one for one in lexicon.entries() if set(one.kinds) <= set("winaxvpq")]


def test_it_is_large() -> None:
    assert len(WRITTEN) > 3500
    assert len({one.arabic for one in WRITTEN}) > 3000


def test_no_line_stands_twice() -> None:
    twice = [
        one
        for one, times in Counter((one.kinds, one.arabic, one.latin) for one in WRITTEN).items()
        if times > 1
    ]
    assert not twice


def test_every_line_keeps_to_the_conventions() -> None:
    odd = [
        entry
        for entry in WRITTEN
        if not re.fullmatch("[ءؤئا-غف-يگ ]+", entry.arabic)
        or not all(re.fullmatch("[a-z23579]+", one) for one in entry.latin)
        or len(set(entry.latin)) < len(entry.latin)
    ]
    assert not odd


def test_every_word_is_found_by_each_of_its_spellings() -> None:
    """As itself, or as a word that people spell alike."""
    lost = [
        (entry.arabic, spelling)
        for entry in WRITTEN
        if "q" not in entry.kinds
        for spelling in entry.latin
        if not _is_among(entry, spelling)
    ]
    assert not lost


def _is_among(entry: Entry, spelling: str) -> bool:
    found = known(spelling, "latin")
    alike = lexicon.index("latin").find(fold_latin(spelling), loose=False)
    return found is not None and entry in alike and found.arabic in {one.arabic for one in alike}


def test_the_folds_of_one_word_are_one() -> None:
    spellings = ("chkoun", "shkoun", "xkoun", "chkon", "chkuun", "chekoune")
    assert len({collapse(fold_latin(one)) for one in spellings}) == 1
