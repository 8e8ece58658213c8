"""A connection to the Bot API, begun with the question who we are."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bots.telegram.receiving import POLL_S
from broker.errors import SettingsError
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

CONNECTIONS = 128  # calls side by side; the budget allows 30 a second


@asynccontextmanager
async def known_to_telegram(telegram: TelegramSettings) -> AsyncIterator[Bot]:
    """A bot that Telegram knows; outages at the start are waited out."""
    if telegram.token is None:
        raise SettingsError(
            "MERSAL_TELEGRAM__TOKEN is not set; @BotFather (https://t.me/BotFather) gives you one"
            " when you write /newbot to him"
        )
    bot = Bot(
        telegram.token.get_secret_value(),
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        request=_request(telegram.timeout_s, CONNECTIONS),
        get_updates_request=_request(telegram.timeout_s + POLL_S, 2),
    )
    try:
        await _introduce(bot)
        yield bot
    finally:
        with suppress(TelegramError):
            await bot.shutdown()


def _request(timeout_s: float, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=timeout_s,
        write_timeout=timeout_s,
        connect_timeout=10.0,
        pool_timeout=timeout_s,
    )


async def _introduce(bot: Bot) -> None:
    """Ask Telegram who we are. Raises SettingsError when it does not know the token."""
    pause_s = 0.5
    while True:
        try:
            await bot.initialize()
            return
        except InvalidToken:  # its text holds the token
            raise SettingsError(
                "MERSAL_TELEGRAM__TOKEN: Telegram does not know this token; @BotFather has yours"
            ) from None
        except TelegramError as error:
            logger.warning("telegram not reached, trying again: %s", error)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, 30.0)
