"""What the page offers to ask for: commands behind a slash, and what is done with a message."""

from collections.abc import Collection
from typing import Literal, TypedDict

from bots.catalog import text as words
from bots.menu import MENU
from bots.targets import TARGETS
from broker.messages import Task

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


def offers(tasks: Collection[Task], target: str, language: str) -> list[Offer]:
    """In the order in which they are shown; of the languages of a translation `target` first."""
    made: list[Offer] = []
    for task in (command for command in MENU if command in tasks):
        if task == "translate":
            made.append(_offer("/translate ", words("web-translate", language)))
            made += (_translation(to, language) for to in _in_order(target))
        else:
            made.append(_offer(f"/{task} ", words(f"web-{task}", language), "message"))
    for command, letters in LETTERS.items():
        shown = words(f"web-{command}", language)
        made.append(_offer(f"/{command} ", shown, "message", letters))
    return made + [_offer(f"/{name}", words(f"menu-{name}", language)) for name in COMMANDS]


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
