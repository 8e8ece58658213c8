"""The webhook: the same as polling, behind a secret and, if wanted, TLS of our own."""

import asyncio
import socket
import ssl
import subprocess
from pathlib import Path

import httpx

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.redis_process import RedisProcess
from tests.telegram.platform import Platform
from tests.telegram.server import BotApiServer
from tests.telegram.test_business import LINK, connection
from tests.telegram.test_journey import changed
from tests.workers.worker_in_thread import working

AMINA, CUSTOMER, GROUP = 77, 88, -1001


def with_webhook(settings: Settings, scheme: str = "http", **more: object) -> Settings:
    """The same settings for a webhook on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"{scheme}://127.0.0.1:{port}/hook/me"
    return changed(settings, webhook_url=url, webhook_port=port, **more)


async def talk(telegram: Platform) -> list[tuple[int, str]]:
    """A bit of everything that can arrive, each waited for; what the bot's chats show then."""
    telegram.begin_ids_anew(GROUP)

    async def answered(chat: int, count: int) -> None:
        await until(lambda: len(telegram.said(chat)) >= count)

    first = telegram.say(AMINA, "سلام")
    await answered(AMINA, 1)
    telegram.again()
    telegram.edit(AMINA, first, "سلام عليكم")
    await answered(AMINA, 2)
    telegram.say(AMINA, "/language")
    await answered(AMINA, 3)
    telegram.press(telegram.sent[-1], "English")
    await answered(AMINA, 4)
    sticker = {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 9, "height": 9,
               "is_animated": False, "is_video": False}  # fmt: skip
    telegram.update(message=telegram.message(AMINA, sticker=sticker))
    await answered(AMINA, 5)
    telegram.say(GROUP, "@mersal_bot شنو كاين؟", user_id=5)
    await answered(GROUP, 1)
    telegram.update(business_connection=connection(telegram))
    telegram.say(CUSTOMER, "بشحال؟", business_connection_id=LINK)
    await answered(CUSTOMER, 1)
    await until(lambda: not telegram.unconfirmed)
    return [(chat, text) for chat in (AMINA, GROUP, CUSTOMER) for text in telegram.said(chat)]


async def test_polling_and_the_webhook_behave_the_same(
    server: BotApiServer, telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    told = []
    telegram.connections[LINK] = connection(telegram)
    quiet = changed(chat_settings, streaming=False)
    for number, settings in enumerate((quiet, with_webhook(quiet))):
        fresh = settings.redis.model_copy(
            update={"namespace": f"{settings.redis.namespace}{number}"}
        )
        settings = settings.model_copy(update={"redis": fresh})
        with working(EchoEngine(), settings):
            async with bots(settings), server.pushing():
                told.append(await talk(telegram))
        assert bool(telegram.webhook) == bool(settings.telegram.webhook_url)
        telegram.sent.clear()
    assert told[0] == told[1] and len(told[0]) == 7


async def test_without_the_secret_or_the_path_nothing_gets_in(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    settings = with_webhook(chat_settings)
    update = {"update_id": 1, "message": telegram.message(AMINA, text="forged")}

    async def post(url: str, **headers: str) -> int:
        async with httpx.AsyncClient(timeout=20) as client:
            return (await client.post(url, json=update, headers=headers)).status_code

    async with bots(settings):
        hook, name = telegram.webhook, "X-Telegram-Bot-Api-Secret-Token"
        assert settings.telegram.token is not None
        assert settings.telegram.token.get_secret_value() not in str(hook)
        assert await post(hook["url"]) == 403
        assert await post(hook["url"], **{name: "forged"}) == 403
        assert await post(hook["url"] + "/other", **{name: hook["secret_token"]}) == 404
        assert await post(hook["url"], **{name: hook["secret_token"]}) == 200
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == ["forged"]


async def test_while_redis_is_away_the_webhook_answers_500_and_telegram_tries_again(
    server: BotApiServer,
    telegram: Platform,
    chat_settings: Settings,
    bots: Bots,
    doomed_redis: RedisProcess,
) -> None:
    settings = with_webhook(chat_settings.model_copy(update={"redis_url": doomed_redis.url}))
    with working(EchoEngine(), settings):
        async with bots(settings):
            doomed_redis.kill()
            telegram.say(AMINA, "meanwhile")
            assert await server.push() == [500]
            doomed_redis.start()
            async with server.pushing():
                await until(lambda: telegram.said(AMINA), 60)
    assert telegram.said(AMINA) == ["meanwhile"]


async def test_tls_of_our_own_with_a_certificate_that_telegram_is_told(
    server: BotApiServer,
    telegram: Platform,
    chat_settings: Settings,
    bots: Bots,
    echo: EchoEngine,
    tmp_path: Path,
) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {key} -out {cert}"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*make.split(), *subject], check=True, capture_output=True)
    settings = with_webhook(chat_settings, "https", webhook_cert=str(cert), webhook_key=str(key))
    async with bots(settings):
        assert "BEGIN CERTIFICATE" in telegram.webhook["certificate"]
        telegram.say(AMINA, "سلام")
        assert await server.push(ssl.create_default_context(cafile=str(cert))) == [200]
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == ["سلام"]


async def test_one_webhook_serves_while_another_process_is_on_duty(
    server: BotApiServer, telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    """A standby keeps what it is given; who is on duty answers it."""
    first, second = with_webhook(chat_settings), with_webhook(chat_settings)
    async with bots(first):
        standing_by = asyncio.create_task(_hold(bots, second))
        await until(lambda: telegram.webhook["url"] == second.telegram.webhook_url)
        telegram.say(AMINA, "سلام")
        assert await server.push() == [200]
        await until(lambda: telegram.said(AMINA))
        standing_by.cancel()
        await asyncio.gather(standing_by, return_exceptions=True)
    assert telegram.said(AMINA) == ["سلام"]


async def _hold(bots: Bots, settings: Settings) -> None:
    async with bots(settings):
        await asyncio.Event().wait()
