"""The shipped demo checkpoint and the text it was trained on."""

import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import torch

from inference.demo.answering import DemoModel
from inference.demo.corpus import DATA, Corpus, fold, is_held_back, read_corpus
from inference.demo.dialogues import Composer, product_of
from inference.demo.examples import user_piece
from inference.demo.noise import LANGUAGES, add_noise
from inference.demo.offtopic import OffTopic

MODEL = DATA.parent / "model"
LEAST_ASKS = 50
LONGEST_ASK = 110
LONGEST_ANSWER = 180


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


@pytest.fixture(scope="module")
def model() -> Iterator[DemoModel]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield DemoModel(MODEL)
    torch.set_num_threads(threads)


def test_the_checkpoint_is_a_small_gemma2() -> None:
    from transformers import AutoModelForCausalLM, Gemma2ForCausalLM

    assert (MODEL / "model.safetensors").stat().st_size < 5_000_000
    model = AutoModelForCausalLM.from_pretrained(MODEL)
    assert isinstance(model, Gemma2ForCausalLM)
    assert model.dtype == torch.bfloat16
    assert model.generation_config.eos_token_id == [1, 4]


@pytest.mark.parametrize(
    ("language", "ask"), [("ary", "سلام، شكون نتا؟"), ("ary-Latn", "salam chkoun nta?")]
)
def test_it_says_who_it_is(model: DemoModel, corpus: Corpus, language: str, ask: str) -> None:
    assert model.answer([(ask,)]) == [corpus.answer("who_are_you", language)]


@pytest.mark.parametrize(
    ("language", "ask"),
    [
        ("ary", "بغيت نموت"),
        ("ary-Latn", "bghit nmout"),
        ("fr", "je veux mourir"),
        ("en", "I want to kill myself"),
    ],
)
def test_one_who_wants_to_die_is_sent_to_people(
    model: DemoModel, corpus: Corpus, language: str, ask: str
) -> None:
    assert model.answer([(ask,)]) == [corpus.answer("distress", language)]


def test_the_big_one_means_the_thing_whose_price_was_told(model: DemoModel, corpus: Corpus) -> None:
    price = corpus.answer("price_carpet", "ary-Latn")
    answer = model.answer([("bch7al zerbia?", price, "w lkbira?")])
    assert answer == [corpus.answer("followup_big", "ary-Latn", "carpet")]


def test_prompts_are_those_of_the_chat_template(model: DemoModel) -> None:
    rendered = model.render(("سلام", "Salam!", " bch7al "))
    said = "Salam!<end_of_turn>\n"
    assert rendered == "<bos>" + user_piece("سلام") + said + user_piece("bch7al")


def test_folding_spares_the_model_what_needs_no_learning(model: DemoModel) -> None:
    assert model.token_ids("SALAAAAM à  إلى؟؟") == model.token_ids("salaam a  الي?")


def test_held_back_phrasings_are_never_trained_on(corpus: Corpus) -> None:
    trained = {fold(ask.text) for ask in corpus.part(held_back=False).asks}
    held_back = corpus.part(held_back=True).asks
    assert not trained & {fold(ask.text) for ask in held_back}
    assert 0.12 < len(held_back) / len(corpus.asks) < 0.18


@pytest.mark.parametrize("path", sorted(DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_a_file_of_text_is_well_formed(path: Path) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(table) == {"answer", "ask"}
    for language, asks in table["ask"].items():
        assert language in LANGUAGES
        assert len({ask.casefold().strip() for ask in asks}) == len(asks) >= LEAST_ASKS
        assert all(0 < len(ask) <= LONGEST_ASK for ask in asks)


def test_every_intent_has_asks_and_an_answer_in_every_language(corpus: Corpus) -> None:
    for intent in corpus.intents:
        assert {ask.language for ask in corpus.asks if ask.intent == intent} == set(LANGUAGES)
        for language in LANGUAGES:
            assert 0 < len(corpus.answer(intent, language)) <= LONGEST_ANSWER


def test_no_phrasing_belongs_to_two_intents(corpus: Corpus) -> None:
    owners: dict[str, str] = {}
    for ask in corpus.asks:
        assert owners.setdefault(ask.text.casefold().strip(), ask.intent) == ask.intent, ask.text


def test_the_text_has_no_invisible_characters(corpus: Corpus) -> None:
    texts = [ask.text for ask in corpus.asks] + [answer.text for answer in corpus.answers]
    for text in texts:
        assert not any(unicodedata.category(letter) in ("Cf", "Cc") for letter in text), text


def test_the_same_seed_composes_the_same_dialogues(corpus: Corpus) -> None:
    first, second = (Composer(corpus, Random(5)) for _ in range(2))
    assert [first.compose() for _ in range(50)] == [second.compose() for _ in range(50)]


def test_follow_ups_answer_for_the_product_told_before(corpus: Corpus) -> None:
    composer = Composer(corpus.part(held_back=False), Random(6))
    dialogues = [composer.compose() for _ in range(4000)]
    last = [(d.turns[:-1], d.turns[-1], d.language) for d in dialogues]
    big = [row for row in last if row[1].intent == "followup_big"]
    assert any(before for before, _, _ in big) and any(not before for before, _, _ in big)
    for before, turn, language in big:
        assert turn.answer == corpus.answer("followup_big", language, product_of(before))


def test_noise_never_leaves_an_empty_message(corpus: Corpus) -> None:
    rng = Random(7)
    for ask in corpus.asks:
        assert add_noise(ask.text, ask.language, rng).strip()


def test_off_topic_asks_name_nothing_that_is_sold(corpus: Corpus) -> None:
    off_topic, rng = OffTopic(corpus), Random(8)
    unsold = [off_topic.unsold(language, rng) for language in LANGUAGES for _ in range(100)]
    trained = {ask.text for ask in corpus.asks if not is_held_back(ask.text)}
    assert not trained & set(unsold)
    assert all(off_topic.make("ary", rng).strip() for _ in range(200))


def test_the_data_folder_is_read_without_torch() -> None:
    import subprocess
    import sys

    probe = "import sys, inference.demo, inference.demo.corpus; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", probe], check=True, cwd=DATA.parents[2])
