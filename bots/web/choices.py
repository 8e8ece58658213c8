"""What a user may choose in the page's menu, beside its language."""

from collections.abc import Iterable
from typing import TypedDict

from bots.catalog import text as words
from bots.choosing import KEPT
from broker.preferences import SCRIPT_CHOICES, Choices


class Option(TypedDict):
    value: str
    words: str


class Setting(TypedDict):
    """`name` is the command that sets it."""

    name: str
    words: str
    value: str
    options: list[Option]


def settings(choices: Choices, language: str) -> list[Setting]:
    """What the user chose, and what he could."""
    scripts = [(script, words(f"script-{script}", language)) for script in SCRIPT_CHOICES]
    kept = [(value, words(f"tasks-{value}", language)) for value in KEPT]
    now = next(value for value, keeps in KEPT.items() if keeps == choices.keeps)
    return [
        _setting("script", words("settings-script-button", language), choices.script, scripts),
        _setting("tasks", words("settings-tasks-button", language), now, kept),
    ]


def _setting(name: str, shown: str, value: str, options: Iterable[tuple[str, str]]) -> Setting:
    listed: list[Option] = [{"value": one, "words": told} for one, told in options]
    return {"name": name, "words": shown, "value": value, "options": listed}
