"""Logging, configured once by the entry point: ids and timings, never message text, no secret."""

import json
import logging
import sys
import time
from collections.abc import Iterable
from typing import TextIO
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr

from broker.settings import Settings

# At their own INFO or DEBUG these would print URLs, which may hold tokens, what people write, or a
# line per request.
QUIET = ("httpx", "httpcore", "urllib3", "asyncio", "celery", "kombu", "uvicorn", "websockets",
         "telegram")  # fmt: skip
# What a line may say beside its message: ids and measures of ours, by `extra`. Nothing else that a
# record carries is written: a library's extras may hold anything.
FIELDS = (
    "budget", "channel", "chat", "conversation", "delivery", "entry", "event", "expired", "failed",
    "ident", "kind", "language", "left", "message_id", "message_ids", "messages", "model",
    "outcome", "owner", "part", "parts", "ready", "reply", "retry_after", "seconds", "silent_s",
    "status", "team", "threads", "tokens", "tries", "turns", "update", "user",
)  # fmt: skip
HIDDEN = "[secret]"
SHORTEST = 6  # characters; hiding less would riddle every line


def configure_logging(
    settings: Settings, stream: TextIO | None = None, quiet: bool = False
) -> None:
    """Log to `stream` (stderr) as the settings say; `quiet`: warnings and worse alone."""
    stream = stream or sys.stderr
    as_text = settings.log.format == "text" or (settings.log.format == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    secrets = tuple(secret for secret in _secrets(settings) if len(secret) >= SHORTEST)
    handler.setFormatter(TextFormatter(secrets) if as_text else JsonFormatter(secrets))
    level = logging.getLevelNamesMapping()[settings.log.level.upper()]
    third_party = max(level, logging.WARNING)
    logging.basicConfig(level=third_party if quiet else level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in QUIET:
        logging.getLogger(name).setLevel(third_party)


class TextFormatter(logging.Formatter):
    """A line for people, fields as `name=value` behind the message; times are local."""

    default_msec_format = "%s.%03d"

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return _hide(super().format(record), self._secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:
        fields = (f" {name}={value}" for name, value in _fields(record))
        return super().formatMessage(record) + "".join(fields)


class JsonFormatter(logging.Formatter):
    """A JSON object a line, fields among its members; times are UTC, to the millisecond."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        content: dict[str, object] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _hide(record.getMessage(), self._secrets),
        }
        for name, value in _fields(record):
            content[name] = _hide(value, self._secrets) if isinstance(value, str) else value
        if record.exc_info:
            content["error"] = _hide(self.formatException(record.exc_info), self._secrets)
        return json.dumps(content, ensure_ascii=False)


def _fields(record: logging.LogRecord) -> Iterable[tuple[str, object]]:
    """Those that the record carries, in their order."""
    return ((name, getattr(record, name)) for name in FIELDS if hasattr(record, name))


def _hide(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _secrets(settings: Settings) -> Iterable[str]:
    yield unquote(urlsplit(settings.redis_url).password or "")
    yield from _secret_fields(settings)


def _secret_fields(model: BaseModel) -> Iterable[str]:
    for _, value in model:
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _secret_fields(value)
