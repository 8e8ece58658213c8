"""Darija's letters, towards the model and back."""

import re

import pytest
from hypothesis import given, settings, strategies

from broker.text.arabizi_latin import to_latin
from workers.letters import ArabicStream, into_arabic, letters_for
from workers.transcript import Wish

SENTENCES = (
    "Labas 3lik khoya, bach kat7ess lyoum? ",
    "Rah had chi mezyan bezzaf. ",
    "Je vous remercie pour votre message. ",
    "This is what you asked for, I think.\n",
    "واخا، دابا نشوف ليك. ",
    "1. Chno bghiti daba?\n\n",
    "Dir `print(3afak)` w chouf. ",
    "عندي 3 دراري، و bghit نمشي daba. ",
    "كتب `x. y` و ``` هنا. bghit\n``` من بعد، شكرا. ",
    "قال ليا ` دابا\nbghit nemchi daba. ",
    "Safi!",
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("labas 3lik, chno kayn lyoum?", "لاباس عليك، شنو كاين اليوم؟"),
        ("واخا bghit", "واخا بغيت"),
        ("Bonjour, je voudrais savoir le prix", "Bonjour, je voudrais savoir le prix"),
        ("What is the price of this one?", "What is the price of this one?"),
        ("واش نتا مزيان؟", "واش نتا مزيان؟"),
        ("https://example.com 123", "https://example.com 123"),
        (
            "ha CIN dyali [CIN] w IBAN [IBAN] dyal khouya",
            "ها CIN ديالي [CIN] و IBAN [IBAN] ديال خويا",
        ),
    ],
)
def test_only_darija_in_latin_letters_is_put_into_arabic_ones(text: str, read: str) -> None:
    assert into_arabic(text) == read


@settings(deadline=None)  # the lexicon is read first
@given(
    strategies.lists(strategies.sampled_from(SENTENCES), max_size=6).map("".join),
    strategies.lists(strategies.integers(1, 12), min_size=1),
)
def test_where_a_stream_is_cut_makes_no_difference(text: str, lengths: list[int]) -> None:
    whole, pieces = ArabicStream(), ArabicStream()
    written, at, turn = "", 0, 0
    while at < len(text):
        end = at + lengths[turn % len(lengths)]
        written += pieces.feed(text[at:end])
        at, turn = end, turn + 1
    assert written + pieces.end() == whole.feed(text) + whole.end()


def test_a_sentence_is_given_out_when_it_ends() -> None:
    stream = ArabicStream()
    assert stream.feed("Rah had chi mezyan bezzaf.") == ""
    assert stream.feed(" Je vous remercie pour") == "راه هاد شي مزيان بزاف. "
    assert stream.feed(" votre message. ") == "Je vous remercie pour votre message. "


@pytest.mark.parametrize(
    "text",
    [
        "خدم هاد السطر `print(1)` دابا. " + "ومن بعد شوف النتيجة مزيان. " * 30,
        "هاد الفقرة طويلة بزاف وما فيها حتى نقطة " * 13,
    ],
)
def test_arabic_letters_do_not_wait(text: str) -> None:
    stream = ArabicStream()
    words = re.findall(r"\s?\S+", text)
    shown = "".join(map(stream.feed, words[:20]))
    assert len(shown) > len("".join(words[:18]))
    assert shown + "".join(map(stream.feed, words[20:])) + stream.end() == text.rstrip()


def test_code_is_left_as_it_is() -> None:
    stream = ArabicStream()
    written = stream.feed("Dir had chi daba:\n```\nbghit = 3\n") + stream.feed("```\n")
    assert "```\nbghit = 3\n```" in written + stream.end()


@pytest.mark.parametrize(
    ("wish", "written"),
    [
        (Wish(), "واخا bghit"),
        (Wish(script="latn"), to_latin("واخا bghit")),
        (Wish("summarize", script="latn"), to_latin("واخا bghit")),
        (Wish("translate", "ary", script="latn"), to_latin("واخا bghit")),
        (Wish("translate", "ar", script="latn"), "واخا bghit"),
        (Wish("translate", "fr", script="arab"), "واخا bghit"),
        (Wish(script="arab"), "واخا بغيت"),
    ],
)
def test_the_letters_are_those_wished_but_of_other_languages(wish: Wish, written: str) -> None:
    letters = letters_for(wish)
    assert letters.feed("واخا bghit") + letters.end() == written
