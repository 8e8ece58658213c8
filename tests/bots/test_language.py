import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.language import LANGUAGES, guess, known, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("شحال الطاجين عافاك؟", "ary"),
        ("واش كاين التوصيل لكازا", "ary"),
        ("ما فهمتش", "ary"),
        ("ماذا تبيعون في المتجر؟", "ar"),
        ("أريد أن أسأل عن هذا السعر", "ar"),
        ("شكرًا جزيلًا", "ar"),
        ("bch7al tajin?", "ary-Latn"),
        ("wach kayn livraison", "ary-Latn"),
        ("ma fhemtch", "ary-Latn"),
        ("salam khoya labas", "ary-Latn"),
        ("Bonjour, quels sont vos horaires ?", "fr"),
        ("c'est combien la livraison svp", "fr"),
        ("How much is the big tagine?", "en"),
        ("when do you open on friday", "en"),
    ],
)
def test_marker_words_tell_the_language(text: str, expected: str) -> None:
    assert guess(text) == expected


@pytest.mark.parametrize("text", ["", "ok", "😀", "Casablanca", "12:30", "`print(1)`"])
def test_a_message_that_tells_nothing_keeps_the_language_before_it(text: str) -> None:
    assert guess(text, "fr") == "fr"
    assert guess(text, "ary-Latn") == "ary-Latn"
    assert told(text) is None


def test_a_message_tells_its_language_by_itself() -> None:
    texts = ["ma fhemtch", "ما فهمتش", "Bonjour, quels sont vos horaires ?"]
    assert [told(text) for text in texts] == ["ary-Latn", "ary", "fr"]


@pytest.mark.parametrize("text", ["le RDV à 15h30", "une clé 3G", "le mp3 de 2go", "the 2nd one"])
def test_digits_of_french_and_english_are_not_arabizi(text: str) -> None:
    assert guess(text) in ("fr", "en")


def test_arabic_script_is_never_answered_in_latin_words() -> None:
    assert guess("الدار البيضاء", "fr") == "ary"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("", "ary"),
        ("ar", "ar"),
        ("ar-MA", "ary"),
        ("ar-EG", "ar"),
        ("ary-Latn", "ary-Latn"),
        ("ar-Latn-MA", "ary-Latn"),
        ("fr-MA", "fr"),
        ("en_US", "en"),
        ("de", "ary"),
    ],
)
def test_a_tag_becomes_the_nearest_language_that_we_speak(tag: str, expected: str) -> None:
    assert known(tag) == expected


@given(st.text(), st.text())
def test_every_message_gets_a_language_that_we_speak(text: str, before: str) -> None:
    assert guess(text, before) in LANGUAGES
