"""Languages and scripts, on labelled messages. Floors are a little under what was measured."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.text.detection import ORDER, detect
from broker.text.lexicon_words import known
from broker.text.script import script_of
from mersal.bench.detection import confusion, read_labelled, report

HERE = Path(__file__).parent
MESSAGES = read_labelled(HERE / "detect.tsv")


@pytest.mark.parametrize("held_back", [True, False])
def test_languages_and_scripts_are_told(held_back: bool) -> None:
    found = confusion(one for one in MESSAGES if one.held_back == held_back)
    assert found.total > 300
    assert found.right / found.total > 0.97
    assert found.scripts_right / found.total > 0.99


@pytest.mark.parametrize("language", ORDER)
def test_no_language_is_told_badly(language: str) -> None:
    found = confusion(one for one in MESSAGES if one.held_back and one.language == language)
    assert found.right / found.total > 0.9


@pytest.mark.parametrize(("column", "least"), [(0, 0.97), (1, 0.94)])
def test_darija_that_others_wrote_is_told(column: int, least: float) -> None:
    """Pairs of Arabizi and Arabic script that were not written for this."""
    lines = (HERE / "arabizi_held_back.tsv").read_text("utf-8").splitlines()
    texts = [line.split("\t")[column] for line in lines if not line.startswith("#")]
    assert sum(detect(text).language == "ary" for text in texts) / len(texts) > least


@pytest.mark.parametrize(
    "text", ["15h30", "3G", "mp3", "2nd", "le RDV à 15h30", "une clé 3G", "the 2nd one", "50dh"]
)
def test_digits_of_times_and_sizes_are_no_arabizi(text: str) -> None:
    assert detect(text).language != "ary"


@pytest.mark.parametrize("text", ["windows7", "week3", "iphone7"])
def test_a_name_with_its_number_is_no_arabizi(text: str) -> None:
    assert detect(text).language != "ary"
    assert detect("sba7").language == "ary"


@pytest.mark.parametrize("word", ["bsaha", "machghoul", "kherrejtich", "alhamdulillah", "trebya"])
def test_a_word_of_the_lexicon_alone_is_darija(word: str) -> None:
    assert detect(word).language == "ary"


def test_the_lexicon_counts_less_than_the_lists() -> None:
    assert detect("trebya").confidence < detect("wach").confidence
    assert detect("this trebya is good").language == "en"


def test_names_in_the_lexicon_tell_nothing() -> None:
    found = known("temara", "latin")
    assert found
    assert found.kinds == "x"
    assert detect("temara").language == "und"


@pytest.mark.parametrize("word", ["2morrow", "2day", "gr8"])
def test_english_with_a_digit_for_a_sound_is_no_arabizi(word: str) -> None:
    assert detect(word).language == "en"


def test_tanwin_tells_standard_arabic() -> None:
    assert detect("ذهبًا وإيابًا").language == "ar"


@pytest.mark.parametrize("text", ["", "ok", "123", "😀", "Casablanca", "سلام عليكم", "`wach kayn`"])
def test_what_tells_nothing_is_undetermined(text: str) -> None:
    assert detect(text).language == "und"


def test_letters_that_are_stretched_and_signs_that_are_written_change_nothing() -> None:
    assert detect("waaaaach").language == detect("wach").language == "ary"
    assert detect("وَاش").language == detect("واااااش").language == "ary"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("سلام", "arab"),
        ("salam", "latn"),
        ("واش كاين WiFi", "mixed"),
        ("٣٤ 👍", "none"),
        ("https://example.com", "none"),
        ("سلام https://example.com/fr @mersal_bot", "arab"),
    ],
)
def test_links_and_mentions_have_no_script(text: str, script: str) -> None:
    assert script_of(text) == script


def test_more_words_make_it_surer() -> None:
    assert detect("wach").confidence < detect("wach kayn chi 7aja").confidence


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    found = detect(text)
    assert found.language in ORDER
    assert 0 < found.confidence <= 1


@given(st.text(alphabet="اa'3 ش\n`@", max_size=60))
def test_any_mixture_gets_an_answer(text: str) -> None:
    assert detect(text).language in ORDER


def test_of_a_long_text_the_beginning_tells() -> None:
    """What is read of a text is bounded, and so is the time that it takes."""
    assert detect("wach kayn " + "x " * 2000 + "the and is are " * 2000).language == "ary"


def test_the_benchmark_prints_both_halves() -> None:
    text = "\n".join(report(HERE / "detect.tsv"))
    assert "Held back" in text
    assert "| ary |" in text
