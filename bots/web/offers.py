"""What the page offers to ask for: commands behind a slash, and what is done with a message."""

from collections.abc import Collection, Iterable
from typing import Literal, TypedDict

from bots.catalog import text as words
from bots.targets import TARGETS
from broker.messages import Task
from broker.preferences import SCRIPT_CHOICES, Choices

TASKS: tuple[Task, ...] = ("translate", "summarize", "explain", "sentiment")
# Those that the page does itself are among them: it shows its own menu, say, for "settings".
COMMANDS = ("new", "stop", "regenerate", "model", "settings", "help")
# Transliterations, and the letters of the texts that they are for.
LETTERS: dict[str, Literal["arab", "latn"]] = {"arabizi": "arab", "3arabi": "latn"}


class Offer(TypedDict):
    """`write`: what stands in the input when it is taken, with a blank where more must follow.
    `takes` "message" when a message can stand there, one in these `letters` ("": any)."""

    write: str
    words: str
    takes: Literal["", "message"]
    letters: Literal["", "arab", "latn"]


class Option(TypedDict):
    value: str
    words: str


class Setting(TypedDict):
    """`name` is the command that sets it."""

    name: str
    words: str
    value: str
    options: list[Option]


def offers(tasks: Collection[Task], target: str, language: str) -> list[Offer]:
    """In the order in which they are shown; of the languages of a translation `target` first."""
    made: list[Offer] = []
    for task in (task for task in TASKS if task in tasks):
        if task == "translate":
            made.append(_offer("/translate ", words("web-translate", language)))
            made += (_translation(to, language) for to in _in_order(target))
        else:
            made.append(_offer(f"/{task} ", words(f"web-{task}", language), "message"))
    for command, letters in LETTERS.items():
        shown = words(f"web-{command}", language)
        made.append(_offer(f"/{command} ", shown, "message", letters))
    return made + [_offer(f"/{name}", words(f"menu-{name}", language)) for name in COMMANDS]


def settings(choices: Choices, language: str) -> list[Setting]:
    """What the user chose, and what he could."""
    scripts = [(script, words(f"script-{script}", language)) for script in SCRIPT_CHOICES]
    kept = [(value, words(f"tasks-{value}", language)) for value in ("apart", "kept")]
    return [
        _setting("script", words("settings-script-button", language), choices.script, scripts),
        _setting(
            "tasks",
            words("settings-tasks-button", language),
            "kept" if choices.keeps else "apart",
            kept,
        ),
    ]


def label(command: str, target: str, language: str) -> str:
    """What stands above the text of a task or a transliteration; "" above others."""
    if command == "translate":
        return words("web-translation", language, target=target)
    named = command in TASKS or command in LETTERS
    return words(f"web-{command}", language) if named else ""


def _in_order(first: str) -> list[str]:
    return sorted(TARGETS, key=lambda target: target != first)


def _translation(target: str, language: str) -> Offer:
    shown = words("web-translate-to", language, target=target)
    return _offer(f"/translate {target} ", shown, "message")


def _offer(
    write: str,
    shown: str,
    takes: Literal["", "message"] = "",
    letters: Literal["", "arab", "latn"] = "",
) -> Offer:
    return {"write": write, "words": shown, "takes": takes, "letters": letters}


def _setting(name: str, shown: str, value: str, options: Iterable[tuple[str, str]]) -> Setting:
    listed: list[Option] = [{"value": one, "words": told} for one, told in options]
    return {"name": name, "words": shown, "value": value, "options": listed}
