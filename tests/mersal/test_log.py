"""Logging: text for people, JSON for machines, secrets for nobody."""

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from broker.settings import LogSettings, Settings, TelegramSettings
from mersal.log import configure_logging

TOKEN = "12345:telegramsecret"
SETTINGS = Settings(
    redis_url="redis://:p%40ssword@127.0.0.1/0", telegram=TelegramSettings(token=TOKEN)
)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


def test_lines_elsewhere_than_on_a_terminal_are_json() -> None:
    stream = io.StringIO()
    configure_logging(SETTINGS, stream)
    logging.getLogger("bots.web").info("submitted conversation=%s", "web:1:")
    line = json.loads(stream.getvalue())
    assert line["message"] == "submitted conversation=web:1:"
    assert (line["level"], line["logger"]) == ("info", "bots.web")
    assert line["time"].endswith("Z")


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_never_appear_not_even_in_tracebacks(form: str) -> None:
    stream = io.StringIO()
    log = LogSettings.model_validate({"format": form})
    configure_logging(SETTINGS.model_copy(update={"log": log}), stream)
    try:
        raise OSError(f"https://api.telegram.org/bot{TOKEN}/getMe and p@ssword")
    except OSError:
        logging.getLogger("bots.telegram").exception("failed with %s", TOKEN)
    written = stream.getvalue()
    assert "OSError" in written
    assert "telegramsecret" not in written
    assert "p@ssword" not in written


def test_others_requests_are_not_logged_and_warnings_are() -> None:
    stream = io.StringIO()
    configure_logging(SETTINGS, stream)
    logging.getLogger("httpx").info("HTTP Request: POST https://…")
    assert stream.getvalue() == ""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("soon no longer", stacklevel=1)
    assert "soon no longer" in stream.getvalue()
