"""How a command begins: its settings, and the log."""

import typer

from broker.settings import RemoteSettings, Settings, read_settings
from mersal.log import configure_logging
from mersal.models_cli import known_by_id


def enter(serves: bool = True, **worker: str | int | None) -> Settings:
    """Settings and logging of a command. What the command line says of the `worker` wins.

    A command that does not serve is there for its answer: it logs warnings alone.
    """
    settings = read_settings()
    configure_logging(settings, quiet=not serves)
    said = {name: value for name, value in worker.items() if value is not None}
    changed = settings.worker.model_copy(update=said)
    return known_by_id(settings.model_copy(update={"worker": changed}))


def let_compute(settings: Settings, endpoints: list[str] | None) -> Settings:
    """The settings with other servers instead of those they name, if there are any."""
    if not endpoints:
        return settings
    said = {**settings.remote.model_dump(), "endpoints": ",".join(endpoints)}
    try:
        return settings.model_copy(update={"remote": RemoteSettings.model_validate(said)})
    except ValueError:
        raise typer.BadParameter("--endpoint: should look like http://host:8000/v1") from None
