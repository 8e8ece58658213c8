"""Arabic script to Arabizi, whole and streaming. Floors are a little above what was measured."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.text.arabizi_latin import LatinStream, to_latin
from mersal.bench.arabizi import measure, read_pairs, same_sound

HELD_BACK = Path(__file__).parent / "arabizi_held_back.tsv"
ARABIC_LETTER = range(0x0621, 0x064B)

# What answers are made of, whole and broken, so that cuts fall within each of them.
PARTS = st.sampled_from(
    [
        "السلام", "كيداير", "شنو", "،", "؟", "؛", " ", "\n", "`", "```", "```py\n", "https://",
        "x.ma/", "@", "ana@gmail.com", "٢٥", "٣٫٥", "12", "👩‍👧", "e\u0301", "بِسْمِ", "-", ".",
        "*", "wifi", "ـ",
    ]
)  # fmt: skip


def test_arabic_script_is_written_as_moroccans_type_it() -> None:
    pairs = read_pairs(HELD_BACK, "arabic")
    rates, heard = (
        measure(pairs, "arabic", to_latin),
        measure(pairs, "arabic", to_latin, same_sound),
    )
    assert rates.cer < 0.08
    assert rates.wer < 0.29
    assert heard.cer < 0.036
    assert heard.wer < 0.13


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("شكون لي صنعك؟", "chkoun li sne3ek?"),
        ("كيلعبو فالدار، وماجاوبوش", "kayl3bou fddar, wmajawbouch"),
        ("هذه المدينة كبيرة", "hadihi lmdina kbira"),
        ("عندي ٢٥ درهم و٣٫٥٪", "3endi 25 derhem w3.5%"),
        ("إنّ مُحَمَّد", "in mohamed"),
        ("بزااااف", "bezzaf"),
        ("ڭاع وگاع", "ga3 wga3"),
        ("الحمد لله، هاد الشي كنت فيه", "l7amdo lillah, had chi kont fih"),
        ("ورحمة الله", "wra7mat allah"),
        ("الطقس والقطة", "lta9s wl9etta"),
        # the plural's alif of Standard Arabic; other words say theirs
        ("كانوا كتبوا كيقولوا ديروا", "kanou ketbou kaygoulou dirou"),
        ("الدوا والهوا", "ldwa wlhwa"),
    ],
)
def test_words_are_vowelled_by_the_lexicon(arabic: str, latin: str) -> None:
    assert to_latin(arabic) == latin


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("القنفدية", "l9enfedya"),
        ("كيتفركلو", "kaytefreklou"),
        ("زبرجد", "zberjed"),
        ("مُزَخْرَف", "mozakhraf"),
        ("الاستعمال", "listi3mal"),
        ("زحلقوا", "z7el9ou"),
    ],
)
def test_unknown_words_get_an_e_where_they_need_one(arabic: str, latin: str) -> None:
    assert to_latin(arabic) == latin


@pytest.mark.parametrize(
    "kept",
    [
        "https://ar.wikipedia.org/wiki/المغرب",
        "`سلام`",
        "```\nسلام كيداير\n\nلاباس\n```",
        "@سارة",
        "ana@gmail.com",
        "WiFi",
        "12:30",
        "👩‍👧",
    ],
)
def test_what_is_no_prose_stays(kept: str) -> None:
    assert to_latin(f"شوف {kept} دابا") == f"chouf {kept} daba"


def test_a_tick_that_is_never_closed_ends_with_its_line() -> None:
    assert to_latin("شوف `سلام\nدابا") == "chouf `سلام\ndaba"


def test_a_word_is_given_out_once_the_blank_after_it_is_there() -> None:
    stream = LatinStream()
    assert stream.feed("شنو سم") == "chno "
    assert stream.feed("يتك") == ""
    assert stream.feed(" دابا") == "smitek "
    assert stream.end() == "daba"


@given(st.lists(PARTS, max_size=12), st.data())
def test_streaming_gives_what_the_whole_text_gives(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    stream, written, rest = LatinStream(), "", text
    while rest:
        cut = data.draw(st.integers(1, len(rest)))
        written += stream.feed(rest[:cut])
        rest = rest[cut:]
    assert written + stream.end() == to_latin(text)


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئگڤپ َُِّْ؟،٠٩", max_size=40))
def test_no_arabic_letter_is_left_and_nothing_is_lost(text: str) -> None:
    written = to_latin(text)
    assert not any(ord(letter) in ARABIC_LETTER for letter in written)
    assert written.isascii()
