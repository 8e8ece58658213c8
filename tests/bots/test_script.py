"""In which letters a user is answered."""

import pytest

from bots.script import wanted
from broker.messages import AnswerScript


@pytest.mark.parametrize(
    ("text", "before", "letters"),
    [
        ("salam, chno khbark?", "", "latn"),
        ("سلام، شنو خبارك؟", "ary-Latn", ""),
        ("bonjour, comment allez-vous ?", "ary-Latn", ""),
        ("ok 👍", "ary-Latn", "latn"),  # tells nothing: as before
        ("ok 👍", "fr", ""),
        ("", "ary-Latn", "latn"),
        ("", "", ""),
    ],
)
def test_a_mirror_answers_arabizi_with_arabizi(
    text: str, before: str, letters: AnswerScript
) -> None:
    assert wanted("mirror", text, before) == letters


@pytest.mark.parametrize("text", ["salam, chno khbark?", "سلام", "bonjour"])
def test_who_chose_letters_gets_them_whatever_he_writes(text: str) -> None:
    assert wanted("arab", text, "ary-Latn") == "arab"
    assert wanted("latn", text, "ary") == "latn"
