"""Tasks on texts: how a model is asked, and what becomes of a text that is longer than a part."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest

from broker.messages import TASKS, Task
from inference.cards import TaskName
from inference.catalog import all_models, find
from inference.errors import PromptTooLong
from workers.tasks import LANGUAGES, Window, can, source_of, work
from workers.wording import Frame, frame_for

ATLAS, JAIS, DEMO = find("atlas-chat-9b"), find("jais-30b"), find("demo")
WINDOW = Window(context_tokens=800, max_new_tokens=100)
PLAIN = Frame("", "")
# As lm-evaluation-harness asks in DarijaBench, and Atlas-Chat's card.
PUBLISHED = {
    ("fr", "ary"): "ترجم من الفرنساوية للدارجة:\n",
    ("ary", "fr"): "ترجم من الدارجة للفرنساوية:\n",
    ("en", "ary"): "ترجم من الإنجليزية للدارجة:\n",
    ("ary", "en"): "ترجم من الدارجة للإنجليزية:\n",
    ("ar", "ary"): "ترجم من الفصحى للدارجة:\n",
    ("ary", "ar"): "ترجم من الدارجة للفصحى:\n",
    ("", "ary"): "ترجم للدارجة:\n",
}
TEXT = "Une phrase assez courte. Et encore une autre, plus longue ! Une question ?\n\n" * 20


class Reader:
    """Answers a prompt with what it is about, in brackets; reads no more than `most` characters.
    The text that a frame stands around is the whole prompt here."""

    def __init__(self, most: int = 10_000, answers: str = "[{}]") -> None:
        self.asked: list[str] = []
        self._most = most
        self._answers = answers

    def __call__(self, prompt: str, cuts: bool, shown: bool = True) -> Iterator[str]:
        if len(prompt) > self._most and not cuts:
            raise PromptTooLong("too long")
        self.asked.append(prompt)
        yield from self._answers.format(prompt)


def done(task: Task, text: str, reader: Reader, window: Window = WINDOW) -> str:
    return "".join(work(task, text, PLAIN, window, reader))


@pytest.mark.parametrize("direction", PUBLISHED)
def test_a_model_of_darija_is_asked_in_the_words_it_was_measured_with(
    direction: tuple[str, str],
) -> None:
    frame = frame_for(ATLAS, "translate", *direction)
    assert frame.around("{text} {to}") == PUBLISHED[direction] + "{text} {to}"


def test_every_direction_has_words_of_its_own_for_every_model() -> None:
    for card in (ATLAS, JAIS):
        pairs = [*permutations(LANGUAGES, 2), *(("", target) for target in LANGUAGES)]
        asked = [frame_for(card, "translate", *pair).around("") for pair in pairs]
        assert len(set(asked)) == len(pairs)
        assert not any("{" in words for words in asked)


def test_every_task_has_words_around_its_text() -> None:
    for card in (ATLAS, JAIS):
        for task in TASKS - {"translate"}:
            assert "زوين" in frame_for(card, task).around("زوين")
            assert len(frame_for(card, task).around("")) > 10
    assert frame_for(ATLAS, "explain").around("x") == "شرح ليا هاد الهضرة:\nx"
    asked = frame_for(ATLAS, "sentiment").around("x").splitlines()
    assert asked[:2] == ["شنو هو الإحساس ديال هاد الجملة؟", "العبارة: x"]
    assert asked[3:] == ["-سلبي", "-ايجابي", "-ماكينش إحساس"]


def test_a_task_is_known_to_broker_and_cards_alike() -> None:
    assert set(TaskName.__args__) == TASKS  # type: ignore[attr-defined]


def test_only_what_a_card_promises_can_be_done() -> None:
    assert can(ATLAS, "translate", "ary", "fr")
    assert can(ATLAS, "translate", "", "en")
    assert not can(ATLAS, "translate", "ary", "de")
    assert can(JAIS, "translate", "en", "ar")
    assert not can(JAIS, "translate", "ar", "ary")
    assert not can(JAIS, "translate", "fr", "ar")
    assert not can(find("acegpt-7b-chat"), "translate", "ar", "en")
    assert can(find("acegpt-7b-chat"), "summarize", "ar", "")
    assert not any(can(DEMO, task, "", "fr") for task in TASKS)
    limited = replace(find("echo"), tasks=("explain",))
    assert [task for task in sorted(TASKS) if can(limited, task, "", "fr")] == ["explain"]
    assert all(can(find("echo"), task, "fr", "ary") for task in TASKS)


def test_the_seven_models_say_what_they_translate_among() -> None:
    for card in all_models():
        assert set(card.translates) <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("labas 3lik, chno kayn lyoum?", "ary"),
        ("واش نتا مزيان اليوم؟", "ary"),
        ("Bonjour, je voudrais savoir le prix", "fr"),
        ("What is the price of this one?", "en"),
        ("إن هذا الكتاب الذي قرأته مفيد جدًا", "ar"),
        ("Casablanca", ""),
        ("123", ""),
    ],
)
def test_the_language_of_a_text_is_named_only_when_it_can_be_told(text: str, source: str) -> None:
    assert source_of(text) == source


def test_a_short_text_is_one_question() -> None:
    for task in TASKS:
        reader = Reader()
        assert done(task, "Bonjour.", reader) == "[Bonjour.]"
        assert reader.asked == ["Bonjour."]


def test_a_long_text_is_translated_part_by_part_with_its_blanks() -> None:
    reader = Reader()
    answer = done("translate", TEXT, reader)
    assert len(reader.asked) > 5
    assert all(len(part) <= WINDOW.part_chars("translate") == 200 for part in reader.asked)
    assert answer.replace("[", "").replace("]", "") == TEXT.strip()
    assert all(part.endswith((".", "!", "?")) for part in reader.asked)


def test_a_part_that_the_model_finds_too_long_is_halved() -> None:
    reader = Reader(most=120)
    answer = done("translate", TEXT, reader)
    assert all(len(part) <= 120 for part in reader.asked)
    assert answer.replace("[", "").replace("]", "") == TEXT.strip()


def test_what_cannot_be_halved_any_more_is_too_long() -> None:
    with pytest.raises(PromptTooLong):
        done("translate", TEXT, Reader(most=20))


def test_each_part_is_explained_for_itself() -> None:
    reader = Reader(answers="this says something")
    assert done("explain", TEXT, reader) == "\n\n".join(["this says something"] * len(reader.asked))
    assert len(reader.asked) > 5


def test_a_summary_of_a_long_text_is_one_of_the_summaries_of_its_parts() -> None:
    reader = Reader(answers="in short.")
    assert done("summarize", TEXT * 3, reader) == "in short."
    parts, last = reader.asked[:-1], reader.asked[-1]
    assert len(parts) > 5
    assert all(len(part) <= WINDOW.part_chars("summarize") for part in parts)
    assert last == "\n".join(["in short."] * len(parts))


def test_a_model_that_does_not_summarize_is_not_asked_for_ever() -> None:
    reader = Reader(most=500)
    done("summarize", TEXT, reader)
    assert sum(map(len, reader.asked)) < 3 * len(TEXT)


def test_a_model_that_says_nothing_of_the_parts_is_asked_about_the_whole() -> None:
    reader = Reader(answers="")
    done("summarize", TEXT, reader)
    assert reader.asked[-1] == TEXT


def test_a_feeling_is_told_of_the_whole_text() -> None:
    reader = Reader(most=10)
    done("sentiment", TEXT, reader)
    assert reader.asked == [TEXT]


def test_a_model_whose_window_is_not_known_gets_small_parts() -> None:
    unknown = Window(0, 256)
    assert 100 <= unknown.part_chars("translate") <= 512
    assert Window(64, 8).part_chars("translate") == 100
