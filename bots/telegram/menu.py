"""The bot's menu in Telegram: its commands, in the language of each user's Telegram."""

import logging

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bots.menu import menu

logger = logging.getLogger(__name__)

# Telegram knows no Darija, so it is what everybody without one of these gets.
MENU_LANGUAGES = {"": "ary", "ar": "ar", "fr": "fr", "en": "en"}


async def set_menu(bot: Bot) -> None:
    """Show the commands in Telegram's menu, in each language; a menu is no reason to fail."""
    for code, language in MENU_LANGUAGES.items():
        commands = [BotCommand(name, what) for name, what in menu(language)]
        try:
            await bot.set_my_commands(commands, language_code=code or None)
        except TelegramError as error:
            logger.warning("menu not set: %s", error, extra={"language": code or "default"})
