"""Sampling: the distribution, the seeds, and settings that make no sense."""

import math

import pytest
import torch
from torch import Tensor
from transformers import (
    MinNewTokensLengthLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from inference.checking import check_sampling
from inference.engine import Sampling
from inference.errors import InvalidRequest
from inference.history import Fit
from inference.slots import sampling as sampling_module
from inference.slots.chance import uniform
from inference.slots.row import Row
from inference.slots.sampler import Sampler
from inference.slots.sampling import drawn

DRAWS = 4000
LOGITS = torch.tensor([2.0, 1.5, 1.4, 1.0, 0.6, 0.2, 0.0, -0.3, -1.0, -4.0])
PROMPT = (1, 4, 8)
ENDS = [0, 3]


def row(settings: Sampling, seed: int) -> Row:
    return Row(Fit(PROMPT, 10, 0), settings, seed)


def pick(
    rows: list[Row], logits: Tensor, end_ids: frozenset[int] = frozenset()
) -> list[int | None]:
    """The next tokens of rows that have just joined."""
    sampler = Sampler(len(rows), logits.shape[1], end_ids, torch.device("cpu"))
    for slot, one in enumerate(rows):
        one.slot = slot
        sampler.admit(one)
    return sampler.pick(rows, logits)


def transformers_distribution(settings: Sampling) -> Tensor:
    """What transformers' own processors make of LOGITS."""
    prompt = torch.tensor([PROMPT])
    scores = RepetitionPenaltyLogitsProcessor(settings.repetition_penalty)(prompt, LOGITS[None])
    if settings.min_new_tokens:
        scores = MinNewTokensLengthLogitsProcessor(len(PROMPT), settings.min_new_tokens, ENDS)(
            prompt, scores
        )
    scores = TemperatureLogitsWarper(settings.temperature)(prompt, scores)
    if settings.top_k:
        scores = TopKLogitsWarper(settings.top_k)(prompt, scores)
    if settings.top_p < 1:
        scores = TopPLogitsWarper(settings.top_p)(prompt, scores)
    return scores[0].softmax(-1)


SETTINGS = [
    Sampling(temperature=1.0),
    Sampling(temperature=0.5),
    Sampling(temperature=1.3, top_k=4),
    Sampling(temperature=1.0, top_p=0.7),
    Sampling(temperature=0.8, top_k=6, top_p=0.9),
    Sampling(temperature=0.9, top_p=0.8, repetition_penalty=1.3),
    Sampling(temperature=1.2, repetition_penalty=1.8),
    Sampling(temperature=1.1, top_k=50, top_p=0.95, repetition_penalty=1.1),
    Sampling(temperature=1.0, min_new_tokens=3),
    Sampling(temperature=1.0, min_new_tokens=3, top_k=3, repetition_penalty=1.2),
]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("width", [3, 1024])
def test_tokens_come_as_often_as_transformers_would_have_them(
    settings: Sampling, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chi-square; a nucleus wider than what is sorted at first must not matter."""
    monkeypatch.setattr(sampling_module, "BEST_TOKENS", width)
    rows = [row(settings, seed) for seed in range(DRAWS)]
    tokens = torch.tensor(pick(rows, LOGITS.repeat(DRAWS, 1), frozenset(ENDS)))
    expected = transformers_distribution(settings) * DRAWS
    counts = torch.bincount(tokens, minlength=len(LOGITS))
    possible = expected > 0
    assert counts[~possible].sum() == 0
    statistic = ((counts - expected)[possible] ** 2 / expected[possible]).sum()
    freedom = int(possible.sum()) - 1
    assert statistic < freedom + 4 * math.sqrt(2 * freedom) + 4


def test_one_seeds_numbers_along_an_answer_are_uniform_too() -> None:
    tokens = []
    answer = row(Sampling(temperature=1.0), seed=5)
    answer.slot = 0
    sampler = Sampler(1, len(LOGITS), frozenset(), torch.device("cpu"))
    sampler.admit(answer)
    for _ in range(1500):
        token = sampler.pick([answer], LOGITS[None])[0]
        assert token is not None
        tokens.append(token)
        answer.ids.append(token)
    expected = LOGITS.softmax(-1) * len(tokens)
    counts = torch.bincount(torch.tensor(tokens), minlength=len(LOGITS))
    assert ((counts - expected) ** 2 / expected).sum() < 40


def test_random_numbers_are_even_over_seeds_and_over_positions() -> None:
    """Chi-square over 50 boxes, also for neighbouring seeds and for pairs of neighbours."""
    many = torch.arange(100_000)
    along = uniform(torch.tensor(1), many)
    for numbers in (along, uniform(many, torch.tensor(3)), (along[1:] + along[:-1]) % 1):
        counts = torch.histc(numbers, 50, 0, 1)
        expected = len(numbers) / 50
        assert ((counts - expected) ** 2 / expected).sum() < 49 + 4 * math.sqrt(98)
    assert 0 < along.min() and along.max() < 1


def test_a_penalty_remembers_what_was_answered() -> None:
    """As transformers' own, step by step, beside a row without one."""
    penalised, plain = row(Sampling(repetition_penalty=1.5), 0), row(Sampling(), 0)
    sampler = Sampler(2, len(LOGITS), frozenset(), torch.device("cpu"))
    for slot, one in enumerate((penalised, plain)):
        one.slot = slot
        sampler.admit(one)
    processor = RepetitionPenaltyLogitsProcessor(1.5)
    for _ in range(8):
        expected = processor(torch.tensor([penalised.ids]), LOGITS[None].clone()).argmax()
        tokens = sampler.pick([plain, penalised], LOGITS.repeat(2, 1))
        assert tokens == [0, int(expected)]
        penalised.ids.append(int(expected))
    assert len(set(penalised.ids)) > 4


def test_all_of_its_memory_is_taken_at_the_start() -> None:
    sampler = Sampler(2, len(LOGITS), frozenset(), torch.device("cpu"))

    def held() -> int:
        return sum(one.nbytes for one in vars(sampler).values() if isinstance(one, Tensor))

    before, answer = held(), row(Sampling(temperature=1.0, repetition_penalty=1.5), 0)
    answer.slot = 1
    sampler.admit(answer)
    sampler.pick([answer], LOGITS[None])
    assert held() == before >= 2 * len(LOGITS)


def test_equal_scores_are_drawn_alike_whatever_else_is_drawn() -> None:
    flat = torch.zeros(3000)
    settings = Sampling(temperature=1.0, top_k=500)
    alone = pick([row(settings, 9)], flat[None])
    for others in range(1, 40, 13):
        rows = [row(settings, seed) for seed in range(others)] + [row(settings, 9)]
        assert pick(rows, flat.repeat(len(rows), 1))[-1:] == alone


def test_rows_of_different_settings_do_not_touch_each_other() -> None:
    rows = [row(settings, 11) for settings in SETTINGS] + [row(Sampling(), 0)]
    together = pick(rows, LOGITS.repeat(len(rows), 1))
    assert together == [pick([one], LOGITS[None].clone())[0] for one in rows]
    assert together[-1] == 0


def test_no_temperature_means_the_best_token_after_the_penalty() -> None:
    logits = torch.tensor([[1.0, 1.1, 0.0, 0.0, -1.0, 0, 0, 0, 0, 0]])
    assert pick([row(Sampling(), 0)], logits.clone()) == [1]
    assert pick([row(Sampling(repetition_penalty=1.2), 0)], logits) == [0]


@pytest.mark.parametrize("temperature", [1e-300, 1e-39, 1e-6, 1e-5])
@pytest.mark.parametrize("narrowing", [{}, {"top_k": 3}, {"top_p": 0.9}])
def test_next_to_no_temperature_means_the_best_token_too(
    temperature: float, narrowing: dict[str, float]
) -> None:
    settings = Sampling(temperature=temperature, **narrowing)  # type: ignore[arg-type]
    check_sampling(settings)
    assert pick([row(settings, seed) for seed in range(20)], 1e3 * LOGITS.repeat(20, 1)) == [0] * 20


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan])
def test_no_token_is_drawn_from_beyond_the_vocabulary(odd: float) -> None:
    scores, draws = torch.full((3, 5), odd), torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)
    assert bool((drawn(scores, draws) < 5).all())
    assert bool((drawn(torch.ones(3, 5), draws) < 5).all())


def test_a_row_without_numbers_is_told_apart() -> None:
    broken = torch.full_like(LOGITS, math.nan)
    rows = [row(Sampling(temperature=1.0, top_p=0.5, top_k=3), 1), row(Sampling(), 1)]
    assert pick(rows, torch.stack([broken, LOGITS])) == [None, 0]


@pytest.mark.parametrize(
    "settings",
    [
        Sampling(temperature=-1),
        Sampling(temperature=math.nan),
        Sampling(top_p=0),
        Sampling(top_p=1.1),
        Sampling(top_k=-1),
        Sampling(repetition_penalty=0),
        Sampling(repetition_penalty=math.inf),
        Sampling(max_new_tokens=0),
        Sampling(min_new_tokens=-1),
        Sampling(max_new_tokens=3, min_new_tokens=4),
        Sampling(stop=("",)),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: Sampling) -> None:
    with pytest.raises(InvalidRequest, match="makes no sense"):
        check_sampling(settings)
