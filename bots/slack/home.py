"""The bot's own surfaces: the App Home, and the suggestions beside a conversation."""

from typing import Any

from bots import catalog
from bots.answers import Choice
from bots.choosing import KEPT, NAMES
from bots.language import LANGUAGE_NAMES, LANGUAGES
from bots.slack.api import Api, Block
from bots.slack.asker import Askers, user_key
from bots.slack.buttons import of_choices
from bots.slack.events import Opened
from bots.slack.place import Workspace
from bots.slack.sides import marked
from bots.targets import TARGETS
from broker.conversation import Conversations
from broker.preferences import SCRIPT_CHOICES, Choices
from broker.routing import Routes
from broker.settings import Settings
from broker.waiting import Waiting

# What the assistant's page suggests; the catalog has the words.
PROMPTS = ("can", "write", "explain")

TARGET = "target"  # what a button of the language of translations carries


class Home:
    """Publishes them. Raises platform failures and broker errors."""

    def __init__(
        self,
        api: Api,
        askers: Askers,
        conversations: Conversations,
        waiting: Waiting,
        settings: Settings,
    ) -> None:
        self._api = api
        self._askers = askers
        self._conversations = conversations
        self._waiting = waiting
        self._routes = Routes(settings)
        self._threaded = settings.slack.direct == "threads"

    async def publish(self, workspace: Workspace, user_id: str) -> None:
        """What the bot is, the model that answers this user, his settings and usage."""
        choices = await self._askers.preferences.of(user_key(workspace, user_id))
        language = await self._askers.language(workspace, user_id)
        begun = await self._model_of(workspace, user_id) or choices.model
        model = begun or self._routes.model(language)
        at_work = model in await self._waiting.models()
        view = {"type": "home", "blocks": _view(language, choices, model, at_work)}
        await self._api.ask(workspace, "views.publish", {"user_id": user_id, "view": view})

    async def _model_of(self, workspace: Workspace, user_id: str) -> str:
        """The one of the conversation that his direct messages are; "" where each begins one."""
        address = None if self._threaded else await self._askers.direct(workspace, user_id)
        return (await self._conversations.snapshot(address, turns=1)).model if address else ""

    async def suggest(self, opened: Opened) -> None:
        """Prompts to begin with."""
        language = await self._askers.language(opened.workspace, opened.user_id)
        prompts = [
            {
                "title": catalog.text(f"slack-prompt-{name}", language),
                "message": catalog.text(f"slack-prompt-{name}-message", language),
            }
            for name in PROMPTS
        ]
        body: dict[str, Any] = {
            "channel_id": opened.chat_id,
            "title": catalog.text("slack-prompts", language),
            "prompts": prompts,
        }
        await self._api.ask(opened.workspace, "assistant.threads.setSuggestedPrompts", body)


def _view(language: str, choices: Choices, model: str, at_work: bool) -> list[Block]:
    state = catalog.text("slack-at-work" if at_work else "slack-not-at-work", language)
    return [
        _text(catalog.text("slack-about", language)),
        _text(catalog.text("slack-how", language)),
        {"type": "divider"},
        _text(f"{catalog.text('slack-model', language, model=model)}\n{state}"),
        _text(catalog.text("slack-usage", language, count=choices.asked)),
        *_tongue(language, choices),
        *_letters(language, choices),
        *_target(language, choices),
        *_keeping(language, choices),
    ]


def _tongue(language: str, choices: Choices) -> list[Block]:
    tongue = NAMES.get(choices.language, catalog.text("follow-me", language))
    buttons = [Choice(LANGUAGE_NAMES[tag], "language", tag) for tag in LANGUAGES]
    buttons.append(Choice(catalog.text("follow-me", language), "language", "auto"))
    return _setting(catalog.text("slack-tongue", language, tongue=tongue), buttons)


def _letters(language: str, choices: Choices) -> list[Block]:
    names = {one: catalog.text(f"script-{one}", language) for one in SCRIPT_CHOICES}
    told = catalog.text("settings-script", language, script=names[choices.script])
    return _setting(told, [Choice(name, "script", one) for one, name in names.items()])


def _target(language: str, choices: Choices) -> list[Block]:
    told = catalog.text("slack-no-target", language)
    if choices.target:
        told = catalog.text("settings-target", language, target=NAMES[choices.target])
    return _setting(told, [Choice(LANGUAGE_NAMES[one], TARGET, one) for one in TARGETS])


def _keeping(language: str, choices: Choices) -> list[Block]:
    names = {one: catalog.text(f"tasks-{one}", language) for one in KEPT}
    chosen = next(name for one, name in names.items() if KEPT[one] == choices.keeps)
    told = catalog.text("settings-tasks", language, kept=chosen)
    return _setting(told, [Choice(name, "tasks", one) for one, name in names.items()])


def _setting(told: str, buttons: list[Choice]) -> list[Block]:
    return [_text(told), *of_choices(tuple(buttons))]


def _text(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": marked(text)}}
