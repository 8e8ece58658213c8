from typing import get_args

import pytest

from bots.language import LANGUAGES, Language, guess
from bots.words import (
    WORDS,
    Topic,
    about_outcome,
    about_receipt,
    about_reply,
    duration,
    say,
)
from broker.inbox import Receipt, Status
from broker.messages import Address, Notice, Outcome, Reply
from broker.text.direction import direction

SPOKEN = [(topic, language) for topic in get_args(Topic) for language in LANGUAGES]
# An answer, or another one that follows at once, speaks for itself.
SILENT = ("answered", "interrupted")


def _reply(outcome: Outcome, language: Language, notices: tuple[Notice, ...] = ()) -> Reply:
    return Reply(Address("web", "1"), "r", ("m",), "", outcome, language, notices=notices)


@pytest.mark.parametrize(("topic", "language"), SPOKEN)
def test_every_topic_has_words_in_every_language(topic: Topic, language: Language) -> None:
    words = WORDS[topic][language]
    assert 5 < len(words) < 160
    assert direction(words) == ("rtl" if language in ("ary", "ar") else "ltr")
    assert words == words.strip() and "  " not in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", get_args(Status))
def test_every_refusal_is_explained_and_nothing_else(status: Status, language: Language) -> None:
    receipt = Receipt(status, wait_s=42)
    assert bool(about_receipt(receipt, language)) is not receipt.kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_nobody_answers_for_now_is_said(language: Language) -> None:
    assert about_receipt(Receipt("accepted", nobody=True), language) == say("nobody", language)


@pytest.mark.parametrize("status", ["rate_limited", "overloaded", "paused"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_to_wait_is_told_how_long(status: Status, language: Language) -> None:
    words = about_receipt(Receipt(status, wait_s=41.2), language)
    assert "42" in words and "{" not in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_every_outcome_without_a_whole_answer_is_explained(
    outcome: Outcome, language: Language
) -> None:
    assert bool(about_outcome(outcome, language)) is (outcome not in SILENT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", get_args(Notice))
def test_every_notice_is_said_below_the_answer(notice: Notice, language: Language) -> None:
    assert about_reply(_reply("answered", language, (notice,))) == (say(notice, language),)


def test_a_plain_answer_has_nothing_added() -> None:
    assert about_reply(_reply("answered", "ary")) == ()


def test_the_languages_are_told_apart_by_our_own_guess() -> None:
    told = [guess(WORDS[topic][language]) == language for topic, language in SPOKEN]
    assert sum(told) / len(told) > 0.85


@pytest.mark.parametrize(
    ("seconds", "language", "expected"),
    [
        (0.2, "ary", "ثانية"),
        (2, "ary", "جوج ثواني"),
        (5, "ar", "5 ثوانٍ"),
        (20, "ary", "20 ثانية"),
        (1, "en", "1 second"),
        (89.5, "fr", "2 minutes"),
        (121, "ary", "3 دقايق"),
        (1800, "ary-Latn", "30 d9i9a"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds: float, language: Language, expected: str) -> None:
    assert duration(seconds, language) == expected
