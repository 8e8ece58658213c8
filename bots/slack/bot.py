"""The Slack bot as a process: connects, receives, answers, and leaves in good order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from redis.asyncio import Redis
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.errors import SlackApiError

from bots.commands import Commands
from bots.ending import end
from bots.failures import PlatformFailure
from bots.journal import JournalReader
from bots.relay import Patience, Relay
from bots.remains import Remains
from bots.serving import connected, run_until_told
from bots.slack.access import SlackAccess
from bots.slack.answering import Answering
from bots.slack.api import Api
from bots.slack.asker import Askers
from bots.slack.channel import SlackChannel
from bots.slack.failures import ERRORS, code_of, is_bad_token, told
from bots.slack.handling import Desks, Handler
from bots.slack.hearing import Hearing
from bots.slack.history import History
from bots.slack.home import Home
from bots.slack.limits import whole_limit
from bots.slack.names import Names
from bots.slack.oauth import installation_store, oauth_flow
from bots.slack.place import CHANNEL
from bots.slack.preview import Previews
from bots.slack.questions import Questions
from bots.slack.receiving import Receiver, make_app, socket_mode
from bots.slack.requests import Requests
from bots.slack.sending import Sender
from bots.slack.status import EVERY_S, Status
from bots.slack.strangers import Strangers
from bots.slack.tasks import SlackTasks
from bots.slack.web import listening
from bots.slack.workspaces import Workspaces
from bots.takenback import TakenBack
from bots.talks import Talks
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
from broker.preferences import Notes
from broker.settings import Settings, SlackSettings
from broker.waiting import Waiting

logger = logging.getLogger(__name__)

CONNECTIONS = 128  # calls side by side
CONNECT_S = 10.0
# At DEBUG they print what people write.
_NOISY = ("slack_sdk", "slack_bolt", "aiohttp")


def run(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError for bad tokens or lists of ids."""
    run_until_told("slack bot", lambda: serve(settings, ready))


async def serve(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until cancelled. `ready` is called with the workspace's address once it receives."""
    _check(settings.slack)
    access = SlackAccess(settings.slack)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    async with connected(settings) as redis, _session(settings.slack) as session:
        store = installation_store(settings)
        workspaces = Workspaces(session, settings.slack, store)
        address = await _introduce(workspaces, settings.slack)
        flow = oauth_flow(settings, store, workspaces.client()) if store else None
        post = _Post(redis, session, settings, workspaces, access)
        async with post.listening(flow):
            logger.info("slack bot receives")
            while True:  # again when another process took the duty over
                async with Duty(redis, settings, CHANNEL).held() as lost:
                    await post.work(lost, lambda: ready(address) if ready else None)


class _Post:
    """One process's half: all of them listen all the time, the rest happens on duty."""

    def __init__(
        self,
        redis: Redis,
        session: aiohttp.ClientSession,
        settings: Settings,
        workspaces: Workspaces,
        access: SlackAccess,
    ) -> None:
        slack = settings.slack
        self._redis, self._settings, self._workspaces = redis, settings, workspaces
        api = Api(workspaces, session, Budget(redis, settings, whole_limit(slack)), slack)
        conversations = Conversations(redis, settings)
        sender = Sender(api, DeliveryRecord(redis, settings), slack)
        notes = Notes(redis, settings, CHANNEL)
        self._status = Status(api, conversations, Waiting(redis, settings), notes)
        awaited = Awaited(redis, settings, CHANNEL)
        self._working = Working(self._status.show, conversations, awaited, EVERY_S)
        remains = Remains(sender.take_preview_away, notes)
        strangers = Strangers(notes, settings.retention.conversation_s)
        previews = Previews(sender, remains, strangers, conversations, slack)
        talks = Talks(Inbox(redis, settings), conversations, self._working)
        taken_back = TakenBack(talks, notes)
        self._channel = SlackChannel(
            sender, self._working, self._status, previews, taken_back, slack
        )
        self._journal = Arrivals(redis, settings, CHANNEL)
        self._hearing = Hearing(workspaces, access, slack)
        handler = _handler(redis, settings, talks, self._channel, sender, self._hearing)
        self._reader = JournalReader(self._journal, handler)

    @asynccontextmanager
    async def listening(self, flow: AsyncOAuthFlow | None) -> AsyncIterator[None]:
        """Receive while the block runs: by Socket Mode or HTTP; and serve OAuth's pages."""
        slack = self._settings.slack
        secret = slack.signing_secret.get_secret_value() if slack.signing_secret else "-"
        client = self._workspaces.client()
        app = make_app(Receiver(self._journal, self._hearing), client, secret)
        async with AsyncExitStack() as stack:
            if slack.http or flow is not None:
                await stack.enter_async_context(listening(slack, app if slack.http else None, flow))
            if not slack.http and slack.app_token is not None:
                token = slack.app_token.get_secret_value()
                await stack.enter_async_context(socket_mode(app, token, client))
            yield

    async def work(self, lost: asyncio.Event, ready: Callable[[], None]) -> None:
        """Handle and deliver, until cancelled or the duty is lost."""
        slack = self._settings.slack
        outbox = Outbox(self._redis, self._settings, CHANNEL, CHANNEL, alone=True)
        live = Live(self._redis, self._settings, CHANNEL) if slack.streaming else None
        patience = Patience(tries=3, try_s=slack.give_up_s + 60)
        tasks = [
            asyncio.create_task(self._reader.run()),
            asyncio.create_task(Relay(outbox, self._channel, live, patience).run()),
            asyncio.create_task(self._working.resume()),
        ]
        try:
            logger.info("slack bot on duty")
            ready()
            await lost.wait()
        finally:
            await end(*tasks)
            await self._working.close()
            await self._status.close()


def _handler(
    redis: Redis,
    settings: Settings,
    talks: Talks,
    channel: SlackChannel,
    sender: Sender,
    hearing: Hearing,
) -> Handler:
    """Everybody who has a part in handling an event."""
    notes, access = Notes(redis, settings, CHANNEL), hearing.access
    names = Names(sender.api, notes)
    askers = Askers(redis, settings, notes, names, access)
    answering, history = Answering(sender), History(sender.api, names)
    waiting = Waiting(redis, settings)
    home = Home(sender.api, askers, talks.conversations, waiting, settings)
    commands = Commands(redis, settings, mark="/mersal ")
    requests = Requests(commands, answering, askers, home, talks, channel)
    tasks = SlackTasks(requests, talks, answering, askers, history, settings)
    questions = Questions(talks, answering, askers, history, tasks, settings)
    desks = Desks(questions, channel, requests, tasks, home)
    return Handler(hearing, access, askers, answering, desks)


@asynccontextmanager
async def _session(slack: SlackSettings) -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=slack.timeout_s, sock_connect=CONNECT_S)
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        yield session


async def _introduce(workspaces: Workspaces, slack: SlackSettings) -> str:
    """Ask Slack who we are; outages are waited out. The workspace's address, "" without one.

    Raises SettingsError when Slack does not know a token.
    """
    pause_s = 0.5
    while True:
        try:
            address = await workspaces.learn_own()
            if slack.app_token is not None and not slack.http:
                await _check_app_token(workspaces, slack.app_token.get_secret_value())
            return address
        except SlackApiError as error:
            if not is_bad_token(error):
                raise SettingsError(f"Slack does not take the tokens: {code_of(error)}") from None
            raise SettingsError(
                "MERSAL_SLACK__BOT_TOKEN: Slack does not know this token; the app's page "
                '"OAuth & Permissions" has yours'
            ) from None
        except PlatformFailure as failure:
            logger.warning("slack not reached, trying again: %s", failure)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, 30.0)


async def _check_app_token(workspaces: Workspaces, token: str) -> None:
    """slack_sdk would try a bad one for ever."""
    try:
        await workspaces.client().apps_connections_open(app_token=token)
    except SlackApiError as error:
        if is_bad_token(error) or code_of(error) == "not_allowed_token_type":
            raise SettingsError(
                "MERSAL_SLACK__APP_TOKEN: Slack does not know this token; the app's page "
                '"Basic Information" has yours, under "App-Level Tokens"'
            ) from None
        raise told(error) from None
    except ERRORS as error:
        raise told(error) from None


def _check(slack: SlackSettings) -> None:
    """Raises SettingsError for what is missing."""
    if slack.bot_token is None and not slack.client_id:
        raise SettingsError(
            "MERSAL_SLACK__BOT_TOKEN is not set; `mersal slack manifest` prints the app to make"
        )
    if slack.http and slack.signing_secret is None:
        raise SettingsError("MERSAL_SLACK__SIGNING_SECRET is not set; HTTP events need it")
    if not slack.http and slack.app_token is None:
        raise SettingsError("MERSAL_SLACK__APP_TOKEN is not set; Socket Mode needs it")
