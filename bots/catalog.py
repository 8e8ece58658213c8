"""The bot's own words: Fluent messages, one folder for each language in bots/locales/.

Values stand in a message as they are: where a line needs direction marks is known to the channel
that shows it (broker.text.marks), and twice marked is wrongly marked.
"""

import logging
from functools import cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Message, Resource

from bots.language import DEFAULT, Language, known

logger = logging.getLogger(__name__)

# Whose plurals and numbers: Unicode's data knows no Darija, but Morocco's Arabic counts the same.
_LOCALES: dict[Language, str] = {
    "ary": "ar-MA",
    "ary-Latn": "ar-MA",
    "ar": "ar-MA",
    "fr": "fr",
    "en": "en",
}


def text(ident: str, language: str, **values: str | int) -> str:
    """The message in the language of this BCP 47 tag, `{ $name }` filled by its value.

    Values are names and numbers, short, never what a user wrote. What a language lacks is said in
    Darija, what Darija lacks by its ident; both are logged as errors.
    """
    tongue = known(language)
    for spoken in dict.fromkeys((tongue, DEFAULT)):
        bundle = _bundle(spoken)
        if bundle.has_message(ident):
            return _formatted(bundle, ident, values)
        logger.error("no words for %s", ident, extra={"language": spoken})
    return ident


def idents(prefix: str = "") -> tuple[str, ...]:
    """Those of all messages that begin so."""
    entries = (entry for file in _files(DEFAULT) for entry in file.body)
    names = (entry.id.name for entry in entries if isinstance(entry, Message))
    return tuple(name for name in names if name.startswith(prefix))


def _formatted(bundle: FluentBundle, ident: str, values: dict[str, str | int]) -> str:
    pattern = bundle.get_message(ident).value
    if pattern is None:
        logger.error("%s has no words of its own", ident)
        return ident
    words, errors = bundle.format_pattern(pattern, values)
    for error in errors:
        logger.error("the words for %s: %s", ident, error)
    return str(words)


@cache
def _bundle(language: Language) -> FluentBundle:
    bundle = FluentBundle([_LOCALES[language]], use_isolating=False)
    for file in _files(language):
        bundle.add_resource(file)
    return bundle


@cache
def _files(language: Language) -> tuple[Resource, ...]:
    """All files of a language, read once."""
    folder = files("bots") / "locales" / language
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".ftl"))
    return tuple(FluentResource((folder / name).read_text(encoding="utf-8")) for name in found)
