"""How the demo model's examples are made, and what teaches it."""

from random import Random

import pytest
import torch
from tokenizers import Tokenizer

from inference.demo.bag import read_bag
from inference.demo.corpus import FALLBACK, Corpus, read_corpus
from inference.demo.dialogues import Composer, Dialogue, Turn
from inference.demo.embeddings import Embeddings
from inference.demo.examples import Batches, Encoder
from inference.demo.muon import Muon
from inference.demo.ngrams import Teacher, ngrams
from inference.demo.noise import LANGUAGES, mix_words
from inference.demo.tokenizer import CONTROLS, VOCABULARY, train_tokenizer, without_folding

EOT = CONTROLS.index("<end_of_turn>")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Forty phrasings of each intent, so that all is made in seconds."""
    whole = read_corpus()
    kept = [
        ask
        for intent in whole.intents
        for language in LANGUAGES
        for ask in [a for a in whole.asks if (a.intent, a.language) == (intent, language)][:8]
    ]
    return Corpus(tuple(kept), whole.answers, whole.nouns)


@pytest.fixture(scope="module")
def tokenizer(corpus: Corpus) -> Tokenizer:
    return train_tokenizer(corpus, Random(1))


@pytest.fixture(scope="module")
def teacher(corpus: Corpus) -> Teacher:
    return Teacher(corpus, Random(2), epochs=5)


def test_the_tokenizer_is_of_the_size_that_the_model_wants(tokenizer: Tokenizer) -> None:
    assert tokenizer.get_vocab_size() <= VOCABULARY


def test_an_answer_begins_with_a_whole_word_or_much_of_it(
    tokenizer: Tokenizer, corpus: Corpus
) -> None:
    plain = without_folding(tokenizer)
    for answer in corpus.answers:
        first = plain.decode([plain.encode(answer.text).ids[0]])
        assert answer.text.split()[0].startswith(first)
        assert len(first) > 1 or first.isdigit(), answer.text


def test_ngrams_know_letters_words_and_pairs() -> None:
    assert set(ngrams("bch7al")) & set(ngrams("bchhal"))
    assert set(ngrams("un deux")) != set(ngrams("deux un"))
    assert ngrams("") and ngrams("!!!")


def test_the_teacher_knows_what_it_was_told(corpus: Corpus, teacher: Teacher) -> None:
    asks = [ask for ask in corpus.asks if ask.intent != FALLBACK]
    beliefs = teacher.beliefs([ask.text for ask in asks])
    assert beliefs.shape == (len(asks), len(corpus.intents))
    assert torch.allclose(beliefs.sum(-1), torch.ones(len(asks)))
    wanted = torch.tensor([corpus.intents.index(ask.intent) for ask in asks])
    assert (beliefs.argmax(-1) == wanted).float().mean() > 0.9


def test_an_example_learns_the_answer_after_the_last_ask(
    tokenizer: Tokenizer, corpus: Corpus
) -> None:
    encoder = Encoder(tokenizer, corpus, Random(3), dropout=0.0)
    price = corpus.answer("price_tea", "fr")
    big = corpus.answer("followup_big", "fr", "tea")
    turns = (Turn("price_tea", "le thé ?", price, "tea"), Turn("followup_big", "le grand ?", big))
    example = encoder.encode(Dialogue("fr", turns))
    answer = without_folding(tokenizer).encode(big + "<end_of_turn>").ids
    assert len(example.ids) == len(example.targets) == len(example.counts)
    assert example.meant == corpus.intents.index("followup_big")
    assert example.firsts[example.meant] == answer[0] == example.targets[example.choice]
    after = example.targets[example.choice :]
    assert after == answer[: len(after)] and len(after) >= 3  # "Le grand paquet", no other
    assert not example.counts[example.choice]  # learned by belief, not by one token
    assert all(example.counts[example.choice + 1 :])
    first_choice = example.ids.index(EOT) + 4
    assert example.counts[first_choice] and sum(example.counts) == len(after)


def test_mixed_asks_are_the_teachers_alone(
    tokenizer: Tokenizer, corpus: Corpus, teacher: Teacher
) -> None:
    composer = Composer(corpus, Random(4))
    encoder = Encoder(tokenizer, corpus, Random(4), dropout=0.0)
    example = encoder.encode(composer.mix())
    assert example.meant is None and not any(example.counts)
    batch = next(iter(Batches(composer, encoder, teacher, Random(4), 2000)))
    rows = len(batch.ids)
    assert batch.ids.numel() <= 2000
    assert batch.firsts.shape == batch.likely.shape == (rows, len(corpus.intents))
    assert torch.allclose(batch.likely.sum(-1), torch.ones(rows), atol=1e-5)
    newline = batch.ids[torch.arange(rows), batch.choices]
    assert len(set(newline.tolist())) == 1  # all prompts end alike, and there the choice is made


def test_tokens_of_like_letters_learn_together() -> None:
    embeddings = Embeddings([" chokran", " chukran", " zerbia"], 8)
    before = embeddings().detach()
    optimizer = torch.optim.SGD(embeddings.parameters(), lr=1.0)
    embeddings()[0].sum().backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    moved = (embeddings().detach() - before).norm(dim=1)
    assert moved[0] > moved[1] > moved[2]
    embeddings.scale(0.02)
    assert embeddings().std().item() == pytest.approx(0.02)


def test_the_bag_brings_what_means_the_same_together(
    tokenizer: Tokenizer, corpus: Corpus, teacher: Teacher
) -> None:
    rng = Random(6)
    torch.manual_seed(6)
    encoder = Encoder(tokenizer, corpus, rng, dropout=0.0)
    texts = [tokenizer.decode([token]) for token in range(tokenizer.get_vocab_size())]
    embeddings = Embeddings(texts, 16)
    asks = [ask for ask in corpus.asks if ask.intent in ("price_tea", "goodbye", "distress")]
    ids = [encoder.encode_ask(ask.text) for ask in asks]
    intents = torch.tensor([corpus.intents.index(ask.intent) for ask in asks])

    def alike() -> float:
        """How much nearer asks are to those of their own intent than to others."""
        table = embeddings().detach()
        means = torch.nn.functional.normalize(torch.stack([table[row].mean(0) for row in ids]))
        near, same = means @ means.T, intents[:, None] == intents
        return (near[same].mean() - near[~same].mean()).item()

    before = alike()
    source = Batches(Composer(corpus, rng), encoder, teacher, rng, 2000)
    read_bag(source, embeddings, len(corpus.intents), steps=12)
    assert alike() > before + 0.1


def test_mixing_never_loses_all_words() -> None:
    rng = Random(5)
    assert all(mix_words(["a"], ["b", "c"], rng) for _ in range(200))


def test_muon_turns_every_direction_alike() -> None:
    matrix = torch.nn.Parameter(torch.zeros(6, 3))
    muon = Muon([matrix], lr=1.0, weight_decay=0.0)
    matrix.grad = torch.diag(torch.tensor([9.0, 3.0, 1.0])).repeat(2, 1)
    muon.step()
    singular = torch.linalg.svdvals(matrix.detach()) / (0.2 * 6**0.5)
    assert singular.min() > 0.3 and singular.max() < 1.3
