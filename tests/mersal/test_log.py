"""Logging: text for people, JSON for machines, secrets for nobody."""

import ast
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.settings import LogSettings, Settings, TelegramSettings
from mersal.log import FIELDS, configure_logging

ROOT = Path(__file__).parents[2]
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
    logging.getLogger("bots.web").info("submitted to %s", "demo", extra={"conversation": "web:1:"})
    line = json.loads(stream.getvalue())
    assert line["message"] == "submitted to demo"
    assert line["conversation"] == "web:1:"
    assert (line["level"], line["logger"]) == ("info", "bots.web")
    assert line["time"].endswith("Z")


def test_people_read_fields_behind_the_message() -> None:
    stream = io.StringIO()
    as_text = SETTINGS.model_copy(update={"log": LogSettings(format="text")})
    configure_logging(as_text, stream)
    fields = {"conversation": "web:1:", "tokens": 7}
    logging.getLogger("workers.turn").info("turn", extra=fields)
    assert stream.getvalue().endswith(" workers.turn: turn conversation=web:1: tokens=7\n")


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_other_libraries_add_to_their_lines_is_not_written(form: str) -> None:
    stream = io.StringIO()
    log = LogSettings.model_validate({"format": form})
    configure_logging(SETTINGS.model_copy(update={"log": log}), stream)
    logging.getLogger("celery").error("task failed", extra={"data": "what people write"})
    assert "task failed" in stream.getvalue() and "people" not in stream.getvalue()


def test_every_field_that_our_rooms_log_is_written() -> None:
    used = set()
    for room in ("bots", "broker", "workers", "mersal"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword) and node.arg == "extra":
                    keys = node.value.keys if isinstance(node.value, ast.Dict) else []
                    used |= {key.value for key in keys if isinstance(key, ast.Constant)}
    assert used <= set(FIELDS)
    assert set(FIELDS) <= used | {"delivery", "part"}, "a field that nobody logs"


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
