"""How a model is asked for a task, in the words of `wording.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from broker.messages import Task
from inference.cards import ModelCard

_PATH = Path(__file__).with_name("wording.toml")
_Words = Mapping[str, str | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around what a task works on."""

    before: str
    after: str

    def around(self, text: str) -> str:
        """The whole prompt. The text goes in as it is: braces in it mean nothing."""
        return f"{self.before}{text}{self.after}"


def frame_for(card: ModelCard, task: Task, source: str = "", target: str = "") -> Frame:
    """The frame of a task, in Darija for a model that was tuned on it. `source` and `target` are
    languages of a translation; an empty source is any."""
    words = _words()["ary" if "ary" in card.languages else "ar"]
    if task != "translate":
        return _frame(cast(str, words[task]))
    pattern = cast(str, words["translate" if source else "translate_from_any"])
    names, goals = cast(Mapping[str, str], words["from"]), cast(Mapping[str, str], words["to"])
    return _frame(pattern.replace("{from}", names.get(source, "")).replace("{to}", goals[target]))


def _frame(pattern: str) -> Frame:
    before, _, after = pattern.strip().partition("{text}")
    return Frame(before, after)


@cache
def _words() -> Mapping[str, _Words]:
    return cast(Mapping[str, _Words], tomllib.loads(_PATH.read_text(encoding="utf-8")))
