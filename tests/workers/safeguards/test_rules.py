"""Rules: what breaks them however it is written, and what does not."""

import tomllib
from collections import Counter
from itertools import permutations

import pytest

from workers.safeguards.normal import readings
from workers.safeguards.rulebook import OURS, SHARED, read_rules
from workers.safeguards.rules import Rule, Rules

BOMB = Rule("weapons", ("bomb", "قنبلة"), (("make", "كيفاش", "نصنع"),), ("bath bomb",), near=3)


@pytest.mark.parametrize(
    "text",
    [
        "how to make a bomb",
        "MAKE the BÓMB!",
        "make a b o m b",
        "make a b.o.m.b",
        "make a b0mb",
        "make a boooomb",
        "make a b\u200bomb",
        "make a b\u043emb",  # a Cyrillic o
        "a bomb to make",
        "كيفاش نصاوب قنبلة",
        "كيفاش نصاوب القنبلة",
        "كيفاش نصاوب قُنْبُـلَة",
        "كيفاش نصاوب ق ن ب ل ة",
        "kifach nsaweb قنبلة",
    ],
)
def test_a_rule_is_broken_however_it_is_written(text: str) -> None:
    assert Rules([BOMB]).broken_by(text) == "weapons"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a bomb",
        "make a bombastic speech",
        "make a bath bomb",
        "make this one of those many things, a bomb",  # too far
        "I make tea. A bomb fell.",  # two sentences
        "كيفاش الطقس",
    ],
)
def test_other_sentences_do_not_break_it(text: str) -> None:
    assert Rules([BOMB]).broken_by(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "I need to get this shit done, where do I start",
        "do you sell coke and chips?",
        "where is the hash of the file, I need it",
        "I need a crack for this old game",
        "I have ants in the kitchen, how to kill them",
        "how does smoking kill people",
        "how can I help a child after a rape",
        "why do muslims not eat pigs",
        "women who love animals",
        "mes chiens noirs et mes chats",
        "an overdose of pills can kill you, call a doctor",
        "never mix bleach and acid: there may be an explosion",
        "la fin du cannabis illégal",
        "واش الكلاب حرام عند المسلمين",
        "عندي الصراصر فالكوزينة كيفاش نقتلهم",
        "بغيت نشري غبرة ديال التصبين",
        "comment faire une bombe de bain",
        "how to make a cherry bomb cocktail",
        "كيفاش نصاوب قنبلة الشوكولا",
        "life hack for phone battery",
        "How to crack my neck on the phone",
        "I want to jump on the train",
        "I want to die of shame lol",
        "how to cut myself some slack",
        "بغيت نتقتل بالعيا",
    ],
)
def test_everyday_sentences_break_none_of_ours(text: str) -> None:
    assert Rules(read_rules()).broken_by(text) == ""


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("comment faire une bombe", "weapons"),
        ("how to make a molotov cocktail", "weapons"),
        ("how to hack her phone", "crime"),
        ("I want to jump in front of a train", "self_harm"),
        ("I want to die", "self_harm"),
        ("how to cut myself", "self_harm"),
        ("بغيت نتقتل", "self_harm"),
    ],
)
def test_what_is_like_them_and_meant_breaks_ours(text: str, category: str) -> None:
    assert Rules(read_rules()).broken_by(text) == category


def test_the_weightier_rule_names_the_category() -> None:
    other = Rule("other", ("make",))
    assert Rules([BOMB, other]).broken_by("make tea. make a bomb") == "weapons"
    assert Rules([other, BOMB]).broken_by("make tea. make a bomb") == "other"


def test_darija_in_latin_letters_is_read_in_arabic_ones_too() -> None:
    assert readings("bghit nmout") == ("bghit nmout", "بغيت نموت")
    assert readings("بغيت نموت") == ("بغيت نموت",)


def test_every_rule_of_ours_can_be_broken() -> None:
    rules = read_rules()
    assert {rule.category for rule in rules} == {
        "self_harm", "sexual_minors", "weapons", "violence", "drugs", "crime", "hate", "sexual",
    }  # fmt: skip
    for rule in rules:
        said = [rule.subject[0], *(other[0] for other in rule.others)]
        assert any(
            Rules([rule]).broken_by(" ".join(words).replace("*", ""))
            for words in permutations(said)
        ), said


def test_our_lists_have_no_term_twice_and_each_is_used() -> None:
    chapters = {path: tomllib.loads(path.read_text("utf-8")) for path in OURS.glob("*.toml")}
    for path, chapter in chapters.items():
        used = chapters if path == SHARED else {path: chapter}
        rules = [rule for one in used.values() for rule in one.get("rule", ())]
        names = {name for rule in rules for name in (*rule["all"], *rule.get("unless", ()))}
        assert chapter["words"].keys() <= names, path
        for name, terms in chapter["words"].items():
            twice = [term for term, times in Counter(terms).items() if times > 1]
            assert not twice, (path, name)
