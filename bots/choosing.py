"""What a user may choose: model, language, letters, whether tasks are kept; and all at a glance."""

from redis.asyncio import Redis

from bots import catalog
from bots.answers import Answer, Choice
from bots.language import LANGUAGE_NAMES, LANGUAGES
from bots.person import Person
from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.preferences import SCRIPT_CHOICES, Choices, Preferences, ScriptChoice
from broker.settings import Settings
from broker.waiting import Waiting

KEPT = {"apart": False, "kept": True}
NAMES: dict[str, str] = {str(tag): name for tag, name in LANGUAGE_NAMES.items()}


class Choosing:
    """Shows choices as buttons and makes those that were pressed. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._inbox = Inbox(redis, settings)
        self._conversations = Conversations(redis, settings)
        self._preferences = Preferences(redis, settings)
        self._waiting = Waiting(redis, settings)

    async def model(self, person: Person, wanted: str) -> Answer:
        """The model that answers this conversation."""
        living = await self._waiting.models()
        choices = tuple(Choice(name, "model", name) for name in living)
        if not wanted:
            now = (await self._conversations.snapshot(person.address, turns=1)).model
            return Answer(catalog.text("choose-model", person.language, model=now), choices)
        if wanted not in living:
            return Answer(catalog.text("no-such-model", person.language), choices)
        await self._inbox.choose_model(person.address, wanted)
        return Answer(catalog.text("model-is", person.language, model=wanted))

    async def language(self, person: Person, wanted: str) -> Answer:
        """The language of the bot's own words."""
        if wanted in LANGUAGES or wanted == "auto":
            chosen = "" if wanted == "auto" else wanted
            await self._preferences.choose_language(person.user_key, chosen)
            return Answer(catalog.text("language-is", chosen or person.language))
        choices = [Choice(LANGUAGE_NAMES[tag], "language", tag) for tag in LANGUAGES]
        choices.append(Choice(catalog.text("follow-me", person.language), "language", "auto"))
        return Answer(catalog.text("choose-language", person.language), tuple(choices))

    async def script(self, person: Person, wanted: str) -> Answer:
        """The letters of a model's Darija."""
        if wanted in SCRIPT_CHOICES:
            await self._preferences.choose_script(person.user_key, wanted)
            return Answer(catalog.text("script-chosen", person.language))
        choices = (Choice(_script(one, person), "script", one) for one in SCRIPT_CHOICES)
        return Answer(catalog.text("script-which", person.language), tuple(choices))

    async def tasks(self, person: Person, wanted: str) -> Answer:
        """Whether tasks enter the conversation."""
        if wanted in KEPT:
            await self._preferences.choose_keeps(person.user_key, KEPT[wanted])
            return Answer(catalog.text(f"tasks-chosen-{wanted}", person.language))
        choices = (
            Choice(catalog.text(f"tasks-{one}", person.language), "tasks", one) for one in KEPT
        )
        return Answer(catalog.text("tasks-which", person.language), tuple(choices))

    async def settings(self, person: Person, _: str = "") -> Answer:
        """All of them, each with a button."""
        model = (await self._conversations.snapshot(person.address, turns=1)).model
        chosen = await self._preferences.of(person.user_key)
        tongue = catalog.text("languages", person.language)
        buttons = (
            Choice(model, "model", ""),
            Choice(tongue, "language", ""),
            Choice(catalog.text("settings-script-button", person.language), "script", ""),
            Choice(catalog.text("settings-tasks-button", person.language), "tasks", ""),
        )
        return Answer("\n".join(_lines(model, chosen, person)), buttons)


def _lines(model: str, chosen: Choices, person: Person) -> list[str]:
    language = person.language
    tongue = NAMES.get(chosen.language, catalog.text("follow-me", language))
    kept = catalog.text("tasks-kept" if chosen.keeps else "tasks-apart", language)
    lines = [
        catalog.text("settings", language, model=model, tongue=tongue),
        catalog.text("settings-script", language, script=_script(chosen.script, person)),
        catalog.text("settings-tasks", language, kept=kept),
    ]
    if chosen.target:
        lines.append(catalog.text("settings-target", language, target=NAMES[chosen.target]))
    return lines


def _script(choice: ScriptChoice, person: Person) -> str:
    return catalog.text(f"script-{choice}", person.language)
