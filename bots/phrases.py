"""The bot's commands as it lists them."""

from bots.catalog import text
from bots.language import Language

# What each language calls itself, on its button.
LANGUAGE_NAMES: dict[Language, str] = {
    "ary": "الدارجة",
    "ary-Latn": "Darija (3arabizi)",
    "ar": "العربية",
    "fr": "Français",
    "en": "English",
}

# In the order in which they are shown; `menu-…` in the catalog says what each does.
MENU = (
    "start", "help", "new", "stop", "regenerate", "model", "language", "settings", "export",
    "forget",
)  # fmt: skip


def phrase(name: str, language: str, **values: str | int) -> str:
    """The message of this name, in the language of this BCP 47 tag."""
    return text(name.replace("_", "-"), language, **values)


def menu(language: str) -> tuple[tuple[str, str], ...]:
    """Each command with what it does."""
    return tuple((command, text(f"menu-{command}", language)) for command in MENU)


def help_text(language: str, mark: str = "/") -> str:
    """How to use the bot, and its commands one a line."""
    lines = [f"{mark}{command} — {what}" for command, what in menu(language)]
    return "\n".join([text("help", language), "", *lines])
