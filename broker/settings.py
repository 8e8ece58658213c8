"""Settings: read once, at the entry point, then passed on as frozen models.

Lowest to highest: the defaults here, `mersal.toml`, `.env`, the environment. In the
environment a name is `MERSAL_STATE_DIR` or `MERSAL_SECTION__NAME`. An unknown or bad
setting stops the program and names itself. This is the only file that reads the environment.
"""

import difflib
import ipaddress
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NoReturn, Self, get_args, get_origin
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from broker.errors import SettingsError
from broker.relations import misfits

PREFIX = "MERSAL_"
TOML_FILE = "mersal.toml"
ENV_FILE = ".env"
SHORTEST_SECRET = 16


def default_state_dir() -> Path:
    """Where a user's programs keep state: XDG_STATE_HOME, else ~/.local/state."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "mersal"


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RedisSettings(Section):
    """Where the truth lives, and how hard it holds on to it."""

    namespace: str = Field("mersal", description="hash tag of every key of this deployment")
    appendfsync: Literal["always", "everysec"] = Field(
        "always",
        description="of the embedded Redis; everysec is faster and may lose the last second",
    )
    server: str = Field("", description="path of the redis-server to embed; empty: find one")
    max_connections: int = Field(64, ge=4, description="of one bot process")


class RetentionSettings(Section):
    """How long things are kept after their last use."""

    conversation_s: int = Field(
        30 * 86400, ge=60, description="conversations, and replies that no bot fetches"
    )
    dedup_s: int = Field(2 * 86400, ge=600, description="ids of seen messages")
    partial_s: int = Field(3600, ge=60, description="the text so far of a streaming answer")
    history_turns: int = Field(200, ge=1, description="turns kept of a conversation")


class LimitSettings(Section):
    """Backpressure: above these the user gets a short honest answer at once."""

    pending_messages: int = Field(20, ge=1, description="unanswered messages of a conversation")
    messages_per_minute: int = Field(30, ge=0, description="of one user; 0: no limit")
    wait_s: float = Field(120.0, gt=0, description="longest expected wait that is still accepted")
    user_turns: int = Field(
        0, ge=0, description="of one user, side by side on one model; 0: all its threads but one"
    )
    message_chars: int = Field(8000, ge=1, description="longest message that is accepted")


class TurnSettings(Section):
    """One turn: pending messages in, one reply out."""

    lease_s: float = Field(5.0, gt=0.3, description="a worker silent for so long has lost its turn")
    deadline_s: float = Field(120.0, gt=0, description="longest time that a turn may run")
    # Less than three would set neighbours of a poison aside: at the third death it runs apart.
    max_tries: int = Field(4, ge=3, description="worker deaths before a message is set aside")
    max_messages: int = Field(20, ge=1, description="pending messages answered by one turn")
    history_turns: int = Field(40, ge=0, description="turns of history given to the model")
    while_answering: Literal["queue", "merge"] = Field(
        "queue",
        description="a new message during an answer: queue it, or stop the answer and merge",
    )


class WorkerSettings(Section):
    """A process that owns one model."""

    model: str = Field("demo", description="the model of new conversations")
    threads: int = Field(16, ge=1, le=512, description="turns side by side in one process")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where the model runs")
    # One blocking read: it must end before the socket's timeout (broker/connection.py).
    linger_s: float = Field(
        1.0, ge=0, le=5, description="idle wait before a thread returns to Celery"
    )
    slice_s: float = Field(5.0, gt=0, description="longest stay of a busy thread in one ring")
    grace_s: float = Field(10.0, ge=0, description="time to finish turns at shutdown")
    stuck_s: float = Field(30.0, gt=1, description="waiting work untouched so long: restart")
    system_prompt: str = Field("", description="system text before every conversation")
    max_new_tokens: int = Field(256, ge=1, description="longest answer, in tokens")
    echo_delay_s: float = Field(0.0, ge=0, description="model `echo`: time that a turn takes")


class UpSettings(Section):
    """`mersal up`, which watches over Redis, the worker and the bots."""

    silent_s: float = Field(
        60.0, ge=0, description="a part without a sign of life for so long is killed; 0: never"
    )


class WebSettings(Section):
    """The web chat."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8421, ge=0, le=65535, description="port to listen on; 0: any free one")
    secret: SecretStr | None = Field(
        None, description="signs the session cookies; empty: one is made in the state directory"
    )
    secure_cookie: bool = Field(False, description="send cookies over HTTPS only")
    title: str = Field("مرسال", description="name shown on the page")
    trusted_proxies: str = Field(
        "", description="addresses or networks, with commas, whose X-Forwarded-For counts"
    )
    sessions_per_hour: int = Field(
        200, ge=0, description="new browsers from one client address; 0: no limit"
    )
    messages_per_minute: int = Field(
        300, ge=0, description="from one client address, all browsers together; 0: no limit"
    )
    tabs_per_address: int = Field(
        200, ge=0, description="open at a time from one client address; 0: no limit"
    )

    @field_validator("secret")
    @classmethod
    def _cannot_be_guessed(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"should have at least {SHORTEST_SECRET} characters")
        return secret

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, proxies: str) -> str:
        for part in filter(None, proxies.split(",")):
            try:
                ipaddress.ip_network(part.strip())
            except ValueError as error:
                raise ValueError(f"should hold addresses or networks: {error}") from None
        return proxies


class TelegramSettings(Section):
    """The Telegram bot."""

    token: SecretStr | None = Field(None, description="from @BotFather")
    base_url: str = Field("https://api.telegram.org/bot", description="Bot API server")
    base_file_url: str = Field("https://api.telegram.org/file/bot", description="its files")
    allowed: str = Field("", description="ids of users and chats, with commas; empty: everybody")
    denied: str = Field("", description="ids of users and chats that get no answer")
    admins: str = Field("", description="ids of users: always admitted, and alone steer groups")
    group_messages: Literal["addressed", "all"] = Field(
        "addressed", description="in groups: commands, mentions and replies to the bot, or all"
    )
    streaming: bool = Field(True, description="show answers while they are written")
    show_every_s: float = Field(1.5, ge=0.2, description="least time between two previews")
    rich: bool = Field(False, description="send rich messages; older clients show them blank")
    rich_bytes: int = Field(32768, ge=256, description="longest rich message, in bytes of HTML")
    private_per_s: int = Field(1, ge=1, description="calls a second to one private chat")
    group_per_minute: int = Field(20, ge=1, description="calls a minute to one group")
    overall_per_s: int = Field(30, ge=1, description="calls a second to all chats together")
    text_units: int = Field(4096, ge=64, description="longest message, in UTF-16 units")
    timeout_s: float = Field(20.0, gt=0, description="longest wait for an answer of the Bot API")
    unsure: Literal["repeat", "skip"] = Field(
        "repeat", description="a message that may have arrived and cannot be found: send it again?"
    )
    look_for: int = Field(40, ge=0, description="message ids tried to find one that may be there")
    give_up_s: float = Field(21600.0, gt=0, description="longest time that a reply is tried")
    owner_silence_s: float = Field(
        3600.0, ge=0, description="business: silence in a chat after its owner wrote himself"
    )
    webhook_url: str = Field("", description="public https:// address; empty: long polling")
    webhook_host: str = Field("127.0.0.1", description="address to listen on for the webhook")
    webhook_port: int = Field(8443, ge=0, le=65535, description="port to listen on for it")
    webhook_secret: SecretStr | None = Field(
        None, description="secret token of the webhook; empty: made from the bot's token"
    )
    webhook_cert: str = Field("", description="TLS certificate; empty: a proxy ends TLS")
    webhook_key: str = Field("", description="TLS private key")


class SlackSettings(Section):
    """The Slack bot."""

    bot_token: SecretStr | None = Field(None, description="xoxb-…; empty with OAuth alone")
    app_token: SecretStr | None = Field(None, description="xapp-…, for Socket Mode")
    signing_secret: SecretStr | None = Field(None, description="for HTTP events")
    base_url: str = Field("https://slack.com/api/", description="Web API server")
    http: bool = Field(False, description="receive events by HTTP instead of Socket Mode")
    host: str = Field("127.0.0.1", description="address to listen on for HTTP and OAuth")
    port: int = Field(3000, ge=0, le=65535, description="port to listen on for them")
    client_id: str = Field("", description="OAuth, for several workspaces: the app's client id")
    client_secret: SecretStr | None = Field(None, description="OAuth: the app's client secret")
    public_url: str = Field("", description="OAuth and HTTP: the public https:// address")
    teams: str = Field("", description="ids of workspaces, with commas; empty: all installed")
    allowed: str = Field("", description="ids of users and channels, or TEAM/ID; empty: everybody")
    denied: str = Field("", description="ids of users and channels that get no answer")
    admins: str = Field("", description="ids of users: always admitted, and alone steer channels")
    direct: Literal["threads", "one"] = Field(
        "threads", description="direct messages: each opens a thread, or all are one conversation"
    )
    threads: Literal["follow", "mention"] = Field(
        "follow", description="in threads with the bot: answer all messages, or mentions alone"
    )
    language: str = Field(
        "", description="of users who have not written yet; empty: that of their Slack"
    )
    streaming: bool = Field(True, description="show answers while they are written")
    show_every_s: float = Field(1.5, ge=0.2, description="least time between two previews")
    thread_chars: int = Field(
        4000, ge=0, description="of a thread so far that the model gets with a first mention"
    )
    text_chars: int = Field(11000, ge=200, le=12000, description="longest message")
    posts_per_s: int = Field(1, ge=1, description="messages a second to one channel")
    tier_share: float = Field(1.0, gt=0, description="share of Slack's limits by method to use")
    overall_per_s: int = Field(30, ge=1, description="calls a second to all workspaces together")
    timeout_s: float = Field(20.0, gt=0, description="longest wait for an answer of the Web API")
    unsure: Literal["repeat", "skip"] = Field(
        "repeat", description="a message that may have arrived and cannot be read back: repeat it?"
    )
    give_up_s: float = Field(21600.0, gt=0, description="longest time that a reply is tried")


class LogSettings(Section):
    """Logs hold ids and timings, never message text."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level")
    format: Literal["auto", "text", "json"] = Field(
        "auto", description="auto: text on a terminal, JSON lines elsewhere"
    )


class PrefixedDotEnv(EnvSettingsSource):
    """`.env`, our names alone: the file may well hold other programs' names too."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        values = _read_dotenv()
        return {key.lower(): value for key, value in values.items() if key.startswith(PREFIX)}


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        toml_file=TOML_FILE,
    )

    state_dir: Path = Field(
        default_factory=default_state_dir, description="embedded Redis, secrets, run files"
    )
    redis_url: str = Field(
        "", description="redis://, rediss:// or unix:// of a real Redis; empty: the embedded one"
    )
    redis: RedisSettings = RedisSettings()
    retention: RetentionSettings = RetentionSettings()
    limits: LimitSettings = LimitSettings()
    turn: TurnSettings = TurnSettings()
    worker: WorkerSettings = WorkerSettings()
    up: UpSettings = UpSettings()
    web: WebSettings = WebSettings()
    telegram: TelegramSettings = TelegramSettings()
    slack: SlackSettings = SlackSettings()
    log: LogSettings = LogSettings()

    @field_validator("redis_url")
    @classmethod
    def _names_a_redis(cls, url: str) -> str:
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("should begin with redis://, rediss:// or unix://")
        try:
            _ = urlsplit(url).port
        except ValueError:  # whose words may hold the password
            raise ValueError(
                "should look like redis://:PASSWORD@HOST:6379/0; in the password # is %23 and / %2F"
            ) from None
        return url

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        found = list(misfits(self))
        if found:
            raise ValueError("; ".join(found))
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        dotenv = PrefixedDotEnv(settings_cls)
        return (init_settings, env_settings, dotenv, TomlConfigSettingsSource(settings_cls))


def read_settings() -> Settings:
    """Read all sources. Raises SettingsError, which names the setting and its source."""
    _refuse_unknown_names("the environment", os.environ)
    _refuse_unknown_names(ENV_FILE, _read_dotenv())
    _refuse_unknown_lines(_read_toml())
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except ValueError as error:  # a whole section in one variable, in small letters, say
        raise SettingsError(f"bad settings: {error}") from None


def child_environment(**values: str) -> dict[str, str]:
    """This process's environment with some settings changed, for a process that it starts."""
    return {**os.environ, **{PREFIX + name: value for name, value in values.items()}}


def all_names() -> Iterator[tuple[str, str, str, str]]:
    """Yield (environment name, type, default, description) of every setting, in order."""
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            for inner, part in kind.model_fields.items():
                env_name = f"{PREFIX}{name.upper()}__{inner.upper()}"
                yield env_name, _type_name(part.annotation), _shown(part.default), _text(part)
        else:
            default = "~/.local/state/mersal" if name == "state_dir" else _shown(field.default)
            yield PREFIX + name.upper(), _type_name(kind), default, _text(field)


def _text(field: FieldInfo) -> str:
    return field.description or ""


def _shown(default: object) -> str:
    return "" if default is None else str(default)


def _type_name(kind: object) -> str:
    if get_origin(kind) is Literal:
        return " | ".join(str(choice) for choice in get_args(kind))
    if SecretStr in get_args(kind):
        return "secret"
    return kind.__name__ if isinstance(kind, type) else str(kind)


def _refuse_unknown_names(source: str, names: Iterable[str]) -> None:
    known = {name for name, *_ in all_names()}
    for name in sorted(names):
        if name.startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; see `mersal settings`"
            raise SettingsError(f"{source}: unknown setting {name}{hint}")


def _refuse_unknown_lines(content: Mapping[str, object]) -> None:
    """`content`: of mersal.toml, where a name is a line, maybe under the head of its section."""
    for name, value in content.items():
        kind = Settings.model_fields[name].annotation if name in Settings.model_fields else None
        if kind is None:
            _refuse_line(name, TOML_FILE, Settings.model_fields)
        elif isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, Section):
            for inner in value:
                if inner not in kind.model_fields:
                    _refuse_line(inner, f"[{name}] of {TOML_FILE}", kind.model_fields)


def _refuse_line(name: str, place: str, known: Iterable[str]) -> NoReturn:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else "; see `mersal settings`"
    raise SettingsError(f"unknown setting {name} in {place}{hint}")


def _read_dotenv() -> dict[str, str | None]:
    with _readable(ENV_FILE):
        return dotenv_values(ENV_FILE)


def _read_toml() -> dict[str, object]:
    if not Path(TOML_FILE).is_file():
        return {}
    with _readable(TOML_FILE):
        return tomllib.loads(Path(TOML_FILE).read_text(encoding="utf-8"))


@contextmanager
def _readable(file: str) -> Iterator[None]:
    """Raise SettingsError when the file cannot be read."""
    try:
        yield
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: not UTF-8, save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}") from None


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        path = "__".join(str(part).upper() for part in problem["loc"])
        what = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{PREFIX}{path}: {what}" if path else what)
    return "bad settings: " + "; ".join(lines)
