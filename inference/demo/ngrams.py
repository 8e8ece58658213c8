"""The teacher: a linear reading of letter and word n-grams, right more often than the model is.

It is learned in a minute, but its weights are ten times too many to ship and it cannot write.
So it tells the model, for as many mixed-up phrasings as wanted, which intents they speak for.
"""

import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from random import Random

import torch
from torch import nn
from torch.nn import functional

from inference.demo.corpus import DISTRESS, FALLBACK, Ask, Corpus
from inference.demo.noise import LANGUAGES
from inference.demo.offtopic import OffTopic
from inference.demo.tokenizer import folding

BUCKETS = 1 << 18
_LONGEST = 5
_BATCH = 1024
_RATE = 0.3
_DECAY = 1e-6
_SMOOTHING = 0.05
_OFF_TOPIC = 4000
# Most text is off-topic, yet not most of what people ask; and despair must not be overheard.
_TILTS = {FALLBACK: -1.1, DISTRESS: 0.5}
_WORD = re.compile(r"[^\W_]+|[?!]")


def ngrams(text: str) -> list[int]:
    """Hashed n-grams of a folded text: one to five letters inside words, words, pairs of words."""
    found: set[str] = set()
    before = "^"
    for word in _WORD.findall(text):
        padded = f" {word} "
        found.update(
            padded[start : start + length]
            for length in range(1, _LONGEST + 1)
            for start in range(max(1, len(padded) - length + 1))
        )
        found.update((f"w {word}", f"b {before} {word}"))
        before = word
    found.add(f"b {before} $")
    return [zlib.crc32(gram.encode()) % BUCKETS for gram in found]


class Teacher:
    """Logistic regression over n-grams weighed by their rarity, each text of length one."""

    def __init__(self, corpus: Corpus, rng: Random, epochs: int = 14) -> None:
        """Learns from the phrasings of `corpus` and some off-topic asks made by program."""
        self._intents = corpus.intents
        self._fold = folding()
        asks = [*corpus.asks, *_off_topic(corpus, rng)]
        rows = [ngrams(self._fold.normalize_str(ask.text)) for ask in asks]
        holders = Counter(gram for row in rows for gram in set(row))
        self._rarity = torch.full((BUCKETS,), math.log(1 + len(rows)) + 1)
        for gram, count in holders.items():
            self._rarity[gram] = math.log((1 + len(rows)) / (1 + count)) + 1
        self._weights = nn.EmbeddingBag(BUCKETS, len(self._intents), mode="sum")
        nn.init.zeros_(self._weights.weight)
        self._bias = nn.Parameter(torch.zeros(len(self._intents)))
        self._tilt = torch.tensor([_TILTS.get(intent, 0.0) for intent in self._intents])
        wanted = torch.tensor([self._intents.index(ask.intent) for ask in asks])
        self._fit(rows, wanted, rng, epochs)

    def beliefs(self, texts: Sequence[str]) -> torch.Tensor:
        """Probabilities of shape (texts, intents)."""
        with torch.no_grad():
            rows = [ngrams(self._fold.normalize_str(text)) for text in texts]
            return (self._read(rows) + self._tilt).softmax(-1)

    def _read(self, rows: Sequence[list[int]]) -> torch.Tensor:
        counts = torch.tensor([len(row) for row in rows])
        grams = torch.tensor([gram for row in rows for gram in row])
        owner = torch.repeat_interleave(torch.arange(len(rows)), counts)
        rarity = self._rarity[grams]
        length = torch.zeros(len(rows)).index_add_(0, owner, rarity * rarity).sqrt()
        shares = rarity / length[owner]
        starts = counts.cumsum(0) - counts
        read: torch.Tensor = self._weights(grams, starts, per_sample_weights=shares)
        return read + self._bias

    def _fit(self, rows: list[list[int]], wanted: torch.Tensor, rng: Random, epochs: int) -> None:
        weight = self._weights.weight
        optimizer = torch.optim.Adam([weight, self._bias], lr=_RATE)
        starts = range(0, len(rows), _BATCH)
        step, steps = 0, epochs * len(starts)
        for _ in range(epochs):
            order = rng.sample(range(len(rows)), len(rows))
            for start in starts:
                places = order[start : start + _BATCH]
                read = self._read([rows[place] for place in places])
                loss = functional.cross_entropy(read, wanted[places], label_smoothing=_SMOOTHING)
                loss = loss + _DECAY * weight.pow(2).sum()
                optimizer.param_groups[0]["lr"] = _RATE * max(0.02, 1 - step / steps)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                step += 1


def _off_topic(corpus: Corpus, rng: Random) -> list[Ask]:
    maker = OffTopic(corpus)
    languages = rng.choices(LANGUAGES, k=_OFF_TOPIC)
    return [Ask(FALLBACK, FALLBACK, tongue, maker.make(tongue, rng)) for tongue in languages]
