"""The bot's words: complete in every language, all of them said somewhere, and said well."""

import fnmatch
import logging
import re
from collections import Counter
from collections.abc import Collection

import pytest
from fluent.syntax.ast import Pattern

from bots import catalog
from bots.choosing import KEPT
from bots.language import LANGUAGES, Language, guess, written
from bots.menu import MENU
from bots.slack.home import PROMPTS
from bots.web.offers import LETTERS
from broker.messages import TASKS
from broker.preferences import SCRIPT_CHOICES
from broker.text.direction import direction
from tests.bots import wording

ARABIC = re.compile(r"[\u0600-\u06ff]")
MARKS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][\w'’-]*")
# What keeps its Latin letters in a sentence in Arabic ones: names, keys, commands.
COMMAND = re.compile(r"`[^`]*`|/\w+(?: help)?")
LATIN_NAMES = {"arabizi", "Redis", "Enter", "Ctrl-C", "Ctrl-D", "IA"}
# The page shows that it is answered in other letters too.
BOTH_LETTERS = {"page-demo-suggestions", "page-invitation"}
# What may stand in Arabic letters in the code: names of languages, and Slack's page of the app.
ARABIC_CODE = {"language.py", "targets.py", "slack/manifest.py"}

# What the star of a composed ident stands for.
FILLED_IN: dict[str, Collection[str]] = {
    "menu-*": MENU,
    "script-*": SCRIPT_CHOICES,
    "tasks-*": KEPT,
    "tasks-chosen-*": KEPT,
    "slack-prompt-*": PROMPTS,
    "slack-prompt-*-message": PROMPTS,
    "web-*": (*TASKS, *LETTERS),
}

COUNTS = (0, 1, 2, 3, 11, 100)
SECONDS: dict[Language, list[str]] = {
    "ary": ["0 ثانية", "ثانية", "جوج ثواني", "3 ثواني", "11 ثانية", "100 ثانية"],
    "ary-Latn": ["0 taniya", "taniya", "jouj tawani", "3 tawani", "11 taniya", "100 taniya"],
    "ar": ["0 ثانية", "ثانية", "ثانيتين", "3 ثوانٍ", "11 ثانية", "100 ثانية"],
    "fr": ["0 seconde", "1 seconde", "2 secondes", "3 secondes", "11 secondes", "100 secondes"],
    "en": ["0 seconds", "1 second", "2 seconds", "3 seconds", "11 seconds", "100 seconds"],
}

every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_every_file_is_understood(language: Language) -> None:
    assert wording.junk(language) == []
    twice = Counter(ident for ident, _ in wording.messages(language))
    assert [ident for ident, times in twice.items() if times > 1] == []


@every_language
def test_every_language_has_the_same_files_and_messages(language: Language) -> None:
    ours, darija = wording.resources(language), wording.resources("ary")
    assert set(ours) == set(darija)
    assert {ident for ident, _ in wording.messages(language)} == set(catalog.idents())


@every_language
def test_a_message_takes_the_same_values_in_every_language(language: Language) -> None:
    darija = dict(wording.messages("ary"))
    for ident, pattern in wording.messages(language):
        assert wording.variables(pattern) == wording.variables(darija[ident]), ident


def test_what_is_asked_for_is_there_and_given_its_values() -> None:
    darija = dict(wording.messages("ary"))
    for call in wording.calls():
        for asked in call.idents:
            found = fnmatch.filter(darija, asked)
            assert found, f"{call.where}: no message {asked}"
            if call.values is not None:
                fit = [one for one in found if wording.variables(darija[one]) == call.values]
                assert fit == found or (fit and "*" in asked), f"{call.where}: other values"
        for asked in call.looked_up:
            assert asked in darija, f"{call.where}: no message {asked}"
            given = call.values is None or wording.variables(darija[asked]) <= call.values
            assert given, f"{call.where}: {asked} lacks a value"


def test_every_message_is_said_somewhere() -> None:
    asked = {ident for call in wording.calls() for ident in (*call.idents, *call.looked_up)}
    said = {
        ident.replace("*", filled)
        for ident in asked
        for filled in (FILLED_IN[ident] if "*" in ident else [""])
    }
    ours = {ident for ident in catalog.idents() if not ident.startswith(wording.LABELS)}
    assert ours - said == set()


def test_the_page_names_every_label_and_no_other() -> None:
    assert set(catalog.idents(wording.LABELS)) == wording.labels_of_page()


def test_every_command_has_its_words_and_nothing_else_has() -> None:
    assert set(catalog.idents("menu-")) == {f"menu-{command}" for command in MENU}


def test_no_words_stand_in_the_code() -> None:
    assert {path for path, text in wording.strings() if ARABIC.search(text)} <= ARABIC_CODE


@every_language
def test_words_are_in_the_letters_of_their_language(language: Language) -> None:
    for ident, pattern in wording.messages(language):
        text = COMMAND.sub("", wording.letters(pattern))
        if ident in BOTH_LETTERS:
            continue
        if written(language) == "rtl":
            assert ARABIC.search(text), ident
            assert set(LATIN_WORD.findall(text)) <= LATIN_NAMES, ident
        else:
            assert not ARABIC.search(text), ident


def _said(ident: str, pattern: Pattern, language: Language, count: int = 3) -> str:
    values = dict.fromkeys(wording.variables(pattern), count)
    return catalog.text(ident, language, **values)


@every_language
def test_words_are_short_and_neat(language: Language) -> None:
    for ident, pattern in wording.messages(language):
        said = _said(ident, pattern, language)
        assert not MARKS.search(said), ident  # the channel's business
        assert all(len(line) < 300 for line in said.splitlines()), ident
        assert "  " not in said and said == said.strip(), ident


def test_our_own_detection_tells_the_languages_of_sentences_apart() -> None:
    sentences = [
        (said, language)
        for language in LANGUAGES
        for ident, pattern in wording.messages(language)
        if len((said := _said(ident, pattern, language)).split()) > 5 and ident not in BOTH_LETTERS
    ]
    told = [guess(text) == language for text, language in sentences]
    assert len(told) > 150 and sum(told) / len(told) > 0.9


@every_language
def test_every_message_can_be_said(language: Language, caplog: pytest.LogCaptureFixture) -> None:
    for ident, pattern in wording.messages(language):
        for count in COUNTS:
            said = _said(ident, pattern, language, count)
            assert said and "{" not in said, ident
    assert caplog.records == []


@every_language
def test_numbers_are_said_as_people_say_them(language: Language) -> None:
    said = [catalog.text("seconds", language, count=count) for count in COUNTS]
    assert said == SECONDS[language]


@pytest.mark.parametrize("tag", ["", "xx", "de-DE", "ary", "ar-MA"])
def test_an_unknown_language_is_answered_in_darija(tag: str) -> None:
    assert catalog.text("thanks", tag) == catalog.text("thanks", "ary")
    assert direction(catalog.text("thanks", tag)) == "rtl"


def test_a_value_stands_as_it_is() -> None:
    assert "atlas-chat-2b" in catalog.text("model-is", "ary", model="atlas-chat-2b")
    assert not MARKS.search(catalog.text("model-is", "ary", model="atlas-chat-2b"))


def test_what_is_missing_is_said_in_darija_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    files = catalog._files
    monkeypatch.setattr(catalog, "_files", lambda tag: () if tag == "fr" else files(tag))
    catalog._bundle.cache_clear()
    try:
        assert catalog.text("thanks", "fr") == catalog.text("thanks", "ary")
    finally:
        catalog._bundle.cache_clear()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_missing_value_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert catalog.text("model-is", "en")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_what_is_nowhere_is_said_by_its_name_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert catalog.text("no-such-words", "fr") == "no-such-words"
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]
