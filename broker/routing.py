"""Routing: the model that answers a conversation, by the language that it began in."""

from broker.messages import UserMessage
from broker.settings import Settings
from broker.text.detection import detect


class Routes:
    """The settings' models by language; empty when none is named."""

    def __init__(self, settings: Settings) -> None:
        named = settings.routing.model_dump()
        self._models: dict[str, str] = {name: model for name, model in named.items() if model}
        self._default = settings.worker.model

    @property
    def pairs(self) -> tuple[str, ...]:
        """Language, model, language, model, …"""
        return tuple(part for pair in self._models.items() for part in pair)

    def model(self, language: str) -> str:
        """The model of a conversation in the language of this BCP 47 tag, "" while that is not
        known."""
        return self._models.get(_primary(language), self._default)

    def language_of(self, message: UserMessage) -> str:
        """The language that a conversation is in which begins with this; "" when the text does not
        tell, or when it does not matter. The tag of the bot's words is another matter."""
        if not self._models or message.task or message.action == "regenerate":
            return ""
        found = detect(message.text)
        return found.language if found.is_sure else ""


def _primary(tag: str) -> str:
    """Without the letters: a route holds for Darija in both."""
    return tag.partition("-")[0]
