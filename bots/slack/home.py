"""The bot's own surfaces: the App Home, and the suggestions beside a conversation."""

from typing import Any

from bots.commands import Choice
from bots.language import LANGUAGES, known
from bots.phrases import LANGUAGE_NAMES, phrase
from bots.slack.api import Api, Block
from bots.slack.asker import Askers, user_key
from bots.slack.buttons import of_choices
from bots.slack.events import Opened
from bots.slack.place import Workspace
from bots.slack.words import PROMPTS, word
from broker.settings import Settings


class Home:
    """Publishes them. Raises platform failures and broker errors."""

    def __init__(self, api: Api, askers: Askers, settings: Settings) -> None:
        self._api = api
        self._askers = askers
        self._model = settings.worker.model

    async def publish(self, workspace: Workspace, user_id: str) -> None:
        """What the bot is, its model, the user's settings and usage."""
        choices = await self._askers.preferences.of(user_key(workspace, user_id))
        language = await self._askers.language(workspace, user_id)
        view = {
            "type": "home",
            "blocks": _view(language, choices.language, self._model, choices.asked),
        }
        await self._api.ask(workspace, "views.publish", {"user_id": user_id, "view": view})

    async def suggest(self, opened: Opened) -> None:
        """Prompts to begin with. Agents set them for the channel, older assistants a thread."""
        language = await self._askers.language(opened.workspace, opened.user_id)
        prompts = [{"title": title, "message": text} for title, text in PROMPTS[known(language)]]
        body: dict[str, Any] = {
            "channel_id": opened.chat_id,
            "title": word("prompts", language),
            "prompts": prompts,
        }
        if opened.thread:
            body["thread_ts"] = opened.thread
        await self._api.ask(opened.workspace, "assistant.threads.setSuggestedPrompts", body)


def _view(language: str, chosen: str, model: str, asked: int) -> list[Block]:
    names = {str(tag): name for tag, name in LANGUAGE_NAMES.items()}
    tongue = names.get(chosen, phrase("follow_me", language))
    buttons = [Choice(LANGUAGE_NAMES[tag], "language", tag) for tag in LANGUAGES]
    buttons.append(Choice(phrase("follow_me", language), "language", "auto"))
    return [
        _text(word("about", language)),
        _text(word("how", language)),
        {"type": "divider"},
        _text(word("model", language, model=model)),
        _text(word("usage", language, count=str(asked))),
        _text(word("tongue", language, tongue=tongue)),
        *of_choices(tuple(buttons)),
    ]


def _text(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}
