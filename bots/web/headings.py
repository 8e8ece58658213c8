"""What stands above a text on the page."""

from bots.catalog import text as words
from bots.web.offers import LETTERS
from broker.messages import TASKS


def heading(command: str, target: str, language: str) -> str:
    """Of a task or a transliteration; "" above others. `target`: the language of a translation."""
    if command == "translate":
        return words("web-translation", language, target=target)
    named = command in TASKS or command in LETTERS
    return words(f"web-{command}", language) if named else ""
