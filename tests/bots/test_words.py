from typing import get_args

import pytest

from bots.catalog import text
from bots.language import LANGUAGES, Language
from bots.words import about_outcome, about_receipt, about_reply, duration
from broker.inbox import Receipt, Status
from broker.messages import Address, Notice, Outcome, Reply

# An answer, or another one that follows at once, speaks for itself.
SILENT = ("answered", "interrupted")


def _reply(outcome: Outcome, language: Language, notices: tuple[Notice, ...] = ()) -> Reply:
    return Reply(Address("web", "1"), "r", ("m",), "", outcome, language, notices=notices)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", get_args(Status))
def test_every_refusal_is_explained_and_nothing_else(status: Status, language: Language) -> None:
    receipt = Receipt(status, wait_s=42)
    assert bool(about_receipt(receipt, language)) is not receipt.kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_nobody_answers_for_now_is_said(language: Language) -> None:
    assert about_receipt(Receipt("accepted", nobody=True), language) == text("nobody", language)


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
    ident = notice.replace("_", "-")
    assert about_reply(_reply("answered", language, (notice,))) == (text(ident, language),)


def test_a_plain_answer_has_nothing_added() -> None:
    assert about_reply(_reply("answered", "ary")) == ()


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
