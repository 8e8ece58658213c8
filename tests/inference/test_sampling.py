"""Sampling: the distribution, the seeds, and settings that make no sense."""

import math

import pytest
import torch
from torch import Tensor
from transformers import (
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from inference.engine import Sampling
from inference.errors import InvalidRequest
from inference.history import Fit
from inference.slots import sampling as sampling_module
from inference.slots.row import Row
from inference.slots.sampling import check_sampling, pick

DRAWS = 4000
LOGITS = torch.tensor([2.0, 1.5, 1.4, 1.0, 0.6, 0.2, 0.0, -0.3, -1.0, -4.0])
PROMPT = (1, 4, 8)


def row(settings: Sampling, seed: int) -> Row:
    return Row(Fit(PROMPT, 10, 0), settings, seed)


def transformers_distribution(settings: Sampling) -> Tensor:
    """What transformers' own processors make of LOGITS."""
    prompt = torch.tensor([PROMPT])
    scores = RepetitionPenaltyLogitsProcessor(settings.repetition_penalty)(prompt, LOGITS[None])
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
]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("width", [3, 1024])
def test_tokens_come_as_often_as_transformers_would_have_them(
    settings: Sampling, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chi-square; a nucleus wider than what is sorted at first must not matter."""
    monkeypatch.setattr(sampling_module, "NUCLEUS_WIDTH", width)
    rows = [row(settings, seed) for seed in range(DRAWS)]
    tokens = torch.tensor(pick(rows, LOGITS.repeat(DRAWS, 1)))
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
    for _ in range(1500):
        token = pick([answer], LOGITS[None])[0]
        assert token is not None
        tokens.append(token)
        answer.ids.append(token)
    expected = LOGITS.softmax(-1) * len(tokens)
    counts = torch.bincount(torch.tensor(tokens), minlength=len(LOGITS))
    assert ((counts - expected) ** 2 / expected).sum() < 40


def test_rows_of_different_settings_do_not_touch_each_other() -> None:
    rows = [row(settings, 11) for settings in SETTINGS] + [row(Sampling(), 0)]
    together = pick(rows, LOGITS.repeat(len(rows), 1))
    assert together == [pick([one], LOGITS[None].clone())[0] for one in rows]
    assert together[-1] == 0


def test_no_temperature_means_the_best_token_after_the_penalty() -> None:
    logits = torch.tensor([[1.0, 1.1, 0.0, 0.0, -1.0, 0, 0, 0, 0, 0]])
    assert pick([row(Sampling(), 0)], logits.clone()) == [1]
    assert pick([row(Sampling(repetition_penalty=1.2), 0)], logits) == [0]


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
        Sampling(stop=("",)),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: Sampling) -> None:
    with pytest.raises(InvalidRequest, match="makes no sense"):
        check_sampling(settings)
