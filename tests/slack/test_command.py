"""The bot as an admin starts it."""

import json
import socket
from pathlib import Path

import pytest

from bots.slack.manifest import manifest
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot_process import BotProcess
from tests.mersal.command import mersal
from tests.patience import until
from tests.slack.platform import SOUK, Platform

CODE = "import runpy, sys; sys.argv[1:] = {}; runpy.run_module('mersal', run_name='__main__')"


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("http", [False, True])
async def test_mersal_bot_slack_answers_by_either_way_in(
    slack: Platform,
    chat_settings: Settings,
    http_settings: Settings,
    echo: EchoEngine,
    tmp_path: Path,
    http: bool,
) -> None:
    """By HTTP because the command says so, not the settings."""
    souk, settings = slack.atay.channels[SOUK], chat_settings
    if http:
        ours = http_settings.slack.model_copy(update={"http": False})
        settings = http_settings.model_copy(update={"slack": ours})
    else:
        slack.courier.url = ""
    arguments = ["bot", "slack", *(["--http"] if http else [])]
    bot = BotProcess("slack", settings, tmp_path, CODE.format(arguments))
    try:
        bot.start()
        await until(lambda: is_open(settings.slack.port) if http else slack.courier.sockets, 60)
        slack.say(SOUK, "@mersal salam")
        await until(lambda: slack.said(souk), 60)
    finally:
        bot.close()
    assert slack.said(souk)[0].endswith("salam"), bot.log.read_text()


def test_without_tokens_the_command_says_which_is_missing_and_how_to_get_it(
    tmp_path: Path,
) -> None:
    refused = mersal("bot", "slack", state_dir=tmp_path / "state")
    assert refused.returncode == 2
    assert "MERSAL_SLACK__BOT_TOKEN" in refused.stderr
    assert "mersal slack manifest" in refused.stderr


def test_the_manifest_that_is_printed_is_the_app(tmp_path: Path) -> None:
    printed = mersal("slack", "manifest", state_dir=tmp_path / "state")
    assert printed.returncode == 0
    assert json.loads(printed.stdout) == json.loads(json.dumps(manifest()))
