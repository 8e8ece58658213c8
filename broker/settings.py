"""Settings: read once, at the entry point, then passed on as frozen models.

Lowest to highest: the defaults here, `mersal.toml`, `.env`, the environment. In the
environment a name is `MERSAL_STATE_DIR` or `MERSAL_SECTION__NAME`. An unknown or bad
setting stops the program and names itself. This is the only file that reads the environment.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NoReturn, Self, get_args, get_origin
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
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
from broker.sections import (
    LimitSettings,
    LogSettings,
    RedisSettings,
    RetentionSettings,
    RoutingSettings,
    SafeguardSettings,
    Section,
    TurnSettings,
    UpSettings,
    WorkerSettings,
)
from broker.sections_platforms import SlackSettings, TelegramSettings
from broker.sections_remote import RemoteSettings
from broker.sections_web import WebSettings

__all__ = [
    "ENV_FILE",
    "TOML_FILE",
    "LimitSettings",
    "LogSettings",
    "RedisSettings",
    "RemoteSettings",
    "RetentionSettings",
    "RoutingSettings",
    "SafeguardSettings",
    "Section",
    "Settings",
    "SlackSettings",
    "TelegramSettings",
    "TurnSettings",
    "UpSettings",
    "WebSettings",
    "WorkerSettings",
    "all_names",
    "child_environment",
    "default_state_dir",
    "read_settings",
]

PREFIX = "MERSAL_"
TOML_FILE = "mersal.toml"
ENV_FILE = ".env"


def default_state_dir() -> Path:
    """Where a user's programs keep state: XDG_STATE_HOME, else ~/.local/state."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "mersal"


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
    models_file: str = Field(
        "", description="describes models of your own; empty: models.toml in the state directory"
    )
    redis: RedisSettings = RedisSettings()
    retention: RetentionSettings = RetentionSettings()
    limits: LimitSettings = LimitSettings()
    turn: TurnSettings = TurnSettings()
    worker: WorkerSettings = WorkerSettings()
    routing: RoutingSettings = RoutingSettings()
    safeguards: SafeguardSettings = SafeguardSettings()
    remote: RemoteSettings = RemoteSettings()
    up: UpSettings = UpSettings()
    web: WebSettings = WebSettings()
    telegram: TelegramSettings = TelegramSettings()
    slack: SlackSettings = SlackSettings()
    log: LogSettings = LogSettings()

    @property
    def own_models(self) -> Path | None:
        """The file of the user's own models; None when he named none and has none."""
        if self.models_file:
            return Path(self.models_file).expanduser()
        default = self.state_dir / "models.toml"
        return default if default.exists() else None

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
