"""The page in a language: its labels, which are the messages `page-…` of the catalog."""

import html
import json
import re

from starlette.requests import HTTPConnection

from bots.catalog import idents, text
from bots.language import LANGUAGE_NAMES, Language, known, written

# Set by labels.js: what the user chose, and what he wrote, which counts where he chose nothing.
CHOSEN, HEARD = "mersal-language", "mersal-heard"
_PREFIX = "page-"


def page_language(browser: HTTPConnection) -> Language:
    """The one that was chosen in this browser, else the one that was written in it, else the one
    that the browser asks for first."""
    asked = browser.headers.get("accept-language", "").split(",")[0].split(";")[0]
    cookies = browser.cookies
    return known(cookies.get(CHOSEN, "") or cookies.get(HEARD, "") or asked.strip())


def chosen(browser: HTTPConnection) -> bool:
    """Whether the language was chosen in this browser."""
    return bool(browser.cookies.get(CHOSEN, ""))


def filled(page: str, title: str, language: Language) -> str:
    """The page with its title and with all that depends on its language."""
    options = (
        f'<option value="{tag}" lang="{tag}" dir="{written(tag)}"'
        f"{' selected' if tag == language else ''}>{name}</option>"
        for tag, name in LANGUAGE_NAMES.items()
    )
    places = {
        "title": html.escape(title),
        "language": language,
        "direction": written(language),
        "languages": "".join(options),
        "labels": json.dumps(labels(language), ensure_ascii=False).replace("<", "\\u003c"),
    }
    return re.sub(r"{{(\w+)}}", lambda place: places[place[1]], page)


def labels(language: Language) -> dict[str, str]:
    """By the names that they have in the page's own code: `page-new-conversation` is
    newConversation."""
    return {_in_script(ident): text(ident, language) for ident in idents(_PREFIX)}


def _in_script(ident: str) -> str:
    return re.sub(r"-(\w)", lambda dash: dash[1].upper(), ident.removeprefix(_PREFIX))
