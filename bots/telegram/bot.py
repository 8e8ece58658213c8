"""The Telegram bot as a process: connects, receives, answers, and leaves in good order."""

import asyncio
import hashlib
import logging
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from redis.asyncio import Redis
from telegram import Bot
from telegram.ext import Updater
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

from bots.access import Access, read_ids
from bots.ending import end
from bots.journal import JournalReader
from bots.relay import Patience, Relay
from bots.remains import Remains
from bots.serving import connected, run_until_told
from bots.takenback import TakenBack
from bots.talks import Talks
from bots.telegram.answering import Answering
from bots.telegram.api import Api
from bots.telegram.business import Businesses
from bots.telegram.calls import Calls, whole_limit
from bots.telegram.channel import TelegramChannel
from bots.telegram.connecting import known_to_telegram
from bots.telegram.handling import Handler
from bots.telegram.journal import Updates
from bots.telegram.menu import Menu
from bots.telegram.moves import Moves
from bots.telegram.place import CHANNEL
from bots.telegram.preview import Previews
from bots.telegram.receiving import ALLOWED_UPDATES, JournalQueue, Polling
from bots.telegram.requests import Requests
from bots.telegram.sending import Sender
from bots.telegram.typing import Typing
from bots.telegram.updates import Me
from bots.tongues import Tongues
from bots.working import Working
from broker.arrivals import Arrivals
from broker.awaited import Awaited
from broker.budget import Budget
from broker.conversation import Conversations
from broker.delivery import DeliveryRecord
from broker.duty import Duty
from broker.errors import SettingsError
from broker.inbox import Inbox
from broker.live import Live
from broker.outbox import Outbox
from broker.preferences import Notes, Preferences
from broker.settings import Settings, TelegramSettings
from broker.waiting import Waiting

logger = logging.getLogger(__name__)


def run(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError for a bad token or list of ids."""
    run_until_told("telegram bot", lambda: serve(settings, ready))


async def serve(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until cancelled. `ready` is called with the bot's address once it receives."""
    access = _access(settings.telegram)
    # A flood error would warn of its own attribute's future type each time it is made.
    warnings.filterwarnings("ignore", category=PTBDeprecationWarning, message=".*retry_after")
    # Updates are wanted as they come (bots.telegram.receiving).
    warnings.filterwarnings("ignore", category=PTBUserWarning, message=".*Bot.getUpdates")
    async with known_to_telegram(settings.telegram) as bot, connected(settings) as redis:
        post = _Post(redis, bot, settings, access)
        async with post.listening():
            while True:  # again when another process took the duty over
                async with Duty(redis, settings, CHANNEL).held() as lost:
                    await post.work(lost, ready)


class _Post:
    """One process's half: a webhook listens all the time, the rest happens on duty."""

    def __init__(self, redis: Redis, bot: Bot, settings: Settings, access: Access) -> None:
        telegram = settings.telegram
        me = Me(bot.id, bot.username, telegram.group_messages == "all")
        notes = Notes(redis, settings, CHANNEL)
        conversations = Conversations(redis, settings)
        calls = Calls(Budget(redis, settings, whole_limit(telegram)), telegram)
        api = Api(bot, calls)
        self._redis, self._bot, self._settings = redis, bot, settings
        self._journal = Arrivals(redis, settings, CHANNEL)
        self._updater = Updater(bot, update_queue=JournalQueue(self._journal))
        moves, businesses = Moves(notes), Businesses(bot, notes, telegram)
        sender = Sender(api, DeliveryRecord(redis, settings), moves, telegram)
        remains = Remains(sender.take_placeholder_away, notes)
        previews = Previews(sender, remains, moves, conversations, telegram)
        waiting = Waiting(redis, settings)
        self._menu = Menu(bot, waiting, settings.worker.model)
        typing = Typing(api, previews, moves, conversations, waiting)
        awaited = Awaited(redis, settings, CHANNEL)
        self._working = Working(typing.show, conversations, awaited, typing.every_s)
        self._channel = TelegramChannel(
            sender, previews, moves, businesses, self._working, telegram
        )
        talks = Talks(Inbox(redis, settings), conversations, self._working)
        answering = Answering(sender, Tongues(Preferences(redis, settings)), telegram)
        requests = Requests(redis, settings, talks, answering, previews, access)
        taken_back = TakenBack(talks, notes)
        handler = Handler(talks, answering, requests, access, businesses, taken_back)
        self._reader = JournalReader(self._journal, Updates(bot, me, handler, businesses, moves))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen for the webhook while the block runs, if there is one."""
        await self._updater.initialize()
        if not self._settings.telegram.webhook_url:
            yield
            return
        await self._start_webhook(self._settings.telegram)
        try:
            yield
        finally:
            await self._updater.stop()

    async def work(self, lost: asyncio.Event, ready: Callable[[str], None] | None) -> None:
        """Receive, handle, deliver, until cancelled or the duty is lost.

        What ends one of these tasks ends the process: who starts it again mends more than a bot
        that is deaf or mute.
        """
        telegram = self._settings.telegram
        outbox = Outbox(self._redis, self._settings, CHANNEL, "telegram", alone=True)
        live = Live(self._redis, self._settings, CHANNEL) if telegram.streaming else None
        patience = Patience(tries=3, try_s=telegram.give_up_s + 60)
        serving = [
            asyncio.create_task(self._reader.run()),
            asyncio.create_task(Relay(outbox, self._channel, live, patience).run()),
            asyncio.create_task(_until(lost)),
        ]
        beginning = [
            asyncio.create_task(self._menu.keep()),
            asyncio.create_task(self._working.resume()),
        ]
        try:
            if not telegram.webhook_url:
                polling = Polling(self._bot, self._journal)
                await polling.begin()
                serving.append(asyncio.create_task(polling.run()))
            logger.info("telegram bot @%s on duty", self._bot.username)
            if ready is not None:
                ready(f"https://t.me/{self._bot.username}")
            done, _ = await asyncio.wait(serving, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await end(*reversed(serving), *beginning)
            await self._working.close()

    async def _start_webhook(self, telegram: TelegramSettings) -> None:
        path = urlsplit(telegram.webhook_url).path.lstrip("/")
        try:
            await self._updater.start_webhook(
                listen=telegram.webhook_host,
                port=telegram.webhook_port,
                url_path=path,
                cert=telegram.webhook_cert or None,
                key=telegram.webhook_key or None,
                webhook_url=telegram.webhook_url,
                secret_token=webhook_secret(telegram),
                allowed_updates=ALLOWED_UPDATES,
                bootstrap_retries=-1,
            )
        except OSError as error:
            raise SettingsError(
                f"telegram webhook: cannot listen on {telegram.webhook_host}:"
                f"{telegram.webhook_port}: {error}; see MERSAL_TELEGRAM__WEBHOOK_PORT"
            ) from None
        logger.info("webhook listens on %s:%d", telegram.webhook_host, telegram.webhook_port)


async def _until(lost: asyncio.Event) -> None:
    await lost.wait()


def _access(telegram: TelegramSettings) -> Access:
    return Access(
        allowed=read_ids("MERSAL_TELEGRAM__ALLOWED", telegram.allowed),
        denied=read_ids("MERSAL_TELEGRAM__DENIED", telegram.denied),
        admins=read_ids("MERSAL_TELEGRAM__ADMINS", telegram.admins),
    )


def webhook_secret(telegram: TelegramSettings) -> str:
    """What Telegram must send along; the same in every process of this bot."""
    if telegram.webhook_secret is not None:
        return telegram.webhook_secret.get_secret_value()
    token = telegram.token.get_secret_value() if telegram.token else ""
    return hashlib.sha256(f"webhook of {token}".encode()).hexdigest()
