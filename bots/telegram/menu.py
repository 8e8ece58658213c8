"""The bot's menu in Telegram: its commands, in the language of each user's Telegram."""

import asyncio
import logging
from typing import NoReturn

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bots.menu import menu
from broker.errors import BrokerError
from broker.messages import Task
from broker.waiting import Waiting

logger = logging.getLogger(__name__)

# Telegram knows no Darija, so it is what everybody without one of these gets.
MENU_LANGUAGES = {"": "ary", "ar": "ar", "fr": "fr", "en": "en"}
LOOK_EVERY_S = 60.0


class Menu:
    """Keeps the menu; of the tasks it has those that a model at work can do."""

    def __init__(self, bot: Bot, waiting: Waiting, model: str) -> None:
        """`model` is the one that answers who chose none."""
        self._bot = bot
        self._waiting = waiting
        self._model = model

    async def keep(self) -> NoReturn:
        """Set it, and again when other tasks can be done; a menu is no reason to fail."""
        shown: frozenset[Task] | None = None
        while True:
            try:
                tasks = await self._tasks()
                if tasks != shown:
                    await self._set(tasks)
                    shown = tasks
            except (BrokerError, TelegramError) as error:
                logger.warning("menu not set: %s", error)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _tasks(self) -> frozenset[Task]:
        models = {self._model, *await self._waiting.models()}
        return frozenset().union(*[await self._waiting.tasks(model) for model in models])

    async def _set(self, tasks: frozenset[Task]) -> None:
        for code, language in MENU_LANGUAGES.items():
            commands = [BotCommand(name, what) for name, what in menu(language, tasks)]
            await self._bot.set_my_commands(commands, language_code=code or None)
