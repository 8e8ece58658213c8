"""The model card, written from the figures of `report.json`."""

from pathlib import Path
from typing import TypedDict


class Training(TypedDict):
    """Figures of the training run."""

    seed: int
    how: str
    minutes: float
    threads: int
    dialogues_seen: int
    parameters: int
    training_phrasings: int
    loss: dict[str, float]


class Share(TypedDict):
    """Of `count` cases, the shares with the right intent and with the very answer."""

    count: int
    right_intent: float
    right: float


class Evaluation(TypedDict):
    """Figures of the evaluation, by group of cases."""

    groups: dict[str, Share]
    languages: dict[str, Share]
    intents: dict[str, Share]
    sober: dict[str, Share]
    sober_got: dict[str, int]
    failures: list[dict[str, str]]


class Report(TypedDict):
    """What `report.json` holds."""

    training: Training
    evaluation: Evaluation


_HEAD = """---
license: apache-2.0
language: [ar, ary, fr, en]
library_name: transformers
pipeline_tag: text-generation
---

# Mersal's demo model

**A demo that knows little. Never rely on it for safety, health, law, money or religion.**

It lets a newcomer chat with Mersal at once, on a laptop, without downloading weights. It plays
the assistant of an imaginary Moroccan shop, حانوت النسيم (Hanout Nassim), in Darija (Arabic and
Latin letters), Arabic, French and English. For each kind of question it knows one answer by
heart, and to all else it should say that it does not know. It does not reason, remember names,
count, translate or look anything up, and its mistakes are fluent: a wrong answer reads as well
as a right one. Distress and emergencies it was taught to send to people and to the emergency
services, insults and questions of health, law, money or religion to answer with "I don't know";
it misses some of them (see below).
"""

_DATA = """
## Data

The phrasings and answers in `inference/demo/data/` and the nouns in `inference/demo/nouns.toml`,
written for this model; no other text. {phrasings:,} phrasings were trained on; 15% (chosen by a
hash of the phrasing) were held back. Dialogues of one to four turns are composed from them by
program, with typos, other spellings, greetings and emoji added, and asks about things the shop
does not sell. Two of five examples are parts of two phrasings thrown together.

## Training

Gemma 2 architecture, {parameters:,} parameters, from scratch: 2 layers of width 96, 4 query and
2 key-value heads of 32, MLP of 896, vocabulary of 16,384 (byte-level BPE; prompts are folded:
case, accents, hamza forms). A teacher that does not ship (logistic regression over n-grams of
letters and words) says how likely each intent is, for mixed examples too, and the model learns
half from it, half from the text. The embeddings start from a bag of tokens that was taught the
intents; while they learn, tokens share a part for every n-gram of letters that they have in
common. {how}
{dialogues:,} dialogues, {minutes} minutes, CPU threads: {threads}, seed {seed}.
`make demo-model` trains it anew (bit-equal weights are not promised: processors round
differently).

The prompt format is Gemma's, without a system text. Decode greedily.

Loss by step:

{loss}
"""

_RESULTS = """
## How often it is right

Right intent: the nearest known answer is of the right intent and product, in whatever
language. Right answer: in the right language too. Some phrasings belong to two languages
("merci", «سلام»), so the second cannot reach 100%.

{groups}

Insults and everyday questions of health get the answer of all that the demo does not know; they
are counted apart from unseen topics. The tables below count held-back phrasings and unseen
topics as they were written, without noise.

{languages}

Intents, the weakest first:

{intents}

## Sober intents

{sober}

{got}

## Failures

Drawn by chance from all wrong answers, not chosen:

{failures}

Licence: Apache-2.0, code, text and weights.
"""


def write_card(report: Report, path: Path) -> None:
    """Write the whole card anew."""
    training, evaluation = report["training"], report["evaluation"]
    data = _DATA.format(
        phrasings=training["training_phrasings"],
        parameters=training["parameters"],
        how=training["how"],
        dialogues=training["dialogues_seen"],
        minutes=training["minutes"],
        threads=training["threads"],
        seed=training["seed"],
        loss=_loss_table(training["loss"]),
    )
    weakest = dict(sorted(evaluation["intents"].items(), key=lambda item: item[1]["right_intent"]))
    results = _RESULTS.format(
        groups=_share_table("Cases", evaluation["groups"]),
        languages=_share_table("Language", evaluation["languages"]),
        intents=_share_table("Intent", weakest),
        sober=_share_table("Intent and cases", evaluation["sober"]),
        got=_got_line(evaluation["sober_got"]),
        failures=_failure_table(evaluation["failures"][:20]),
    )
    path.write_text(_HEAD + data + results, encoding="utf-8")


def _share_table(title: str, shares: dict[str, Share]) -> str:
    rows = [f"| {title} | asked | right intent | right answer |", "| --- | ---: | ---: | ---: |"]
    for name, share in shares.items():
        rows.append(
            f"| {name} | {share['count']} | {share['right_intent']:.1%} | {share['right']:.1%} |"
        )
    return "\n".join(rows)


def _loss_table(loss: dict[str, float]) -> str:
    points = list(loss.items())[::5] + list(loss.items())[-1:]
    steps, values = dict(points).keys(), dict(points).values()
    return "\n".join(
        (
            "| step | " + " | ".join(steps) + " |",
            "| --- |" + " ---: |" * len(steps),
            "| loss | " + " | ".join(f"{value:.3f}" for value in values) + " |",
        )
    )


def _got_line(got: dict[str, int]) -> str:
    if not got:
        return "None of them was answered as anything else."
    listed = ", ".join(f"{name} {count}" for name, count in got.items())
    return f"Where the intent was wrong, the answer given was that of: {listed}."


def _failure_table(failures: list[dict[str, str]]) -> str:
    rows = ["| Language | Asked | Meant | Answered as |", "| --- | --- | --- | --- |"]
    for failure in failures:
        ask = failure["ask"].replace("|", "/").replace("\n", " ")
        meant, got = failure["intent"], failure["answered_as"]
        rows.append(f"| {failure['language']} | {ask} | {meant} | {got} |")
    return "\n".join(rows)
