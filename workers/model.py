"""Which model the settings select, and who computes it: this process or other servers."""

import json
from dataclasses import replace

from broker.errors import SettingsError
from broker.settings import RemoteSettings, Settings
from inference.cards import ModelCard
from inference.catalog import find
from inference.errors import ModelNotFound
from inference.remote.options import RemoteOptions, Serving


def selected_card(settings: Settings) -> ModelCard:
    """The card of the model that the settings name. Other servers may serve one that no catalog
    knows. Raises ModelNotFound, BadCard or SettingsError."""
    model, serving = settings.worker.model, _serving(settings.remote)
    try:
        card = find(model, settings.own_models)
    except ModelNotFound:
        if serving is None:
            raise
        about = "a model of another server"
        return ModelCard(model, model, about, "see the server", "openai", remote=serving)
    return replace(card, engine="openai", remote=serving) if serving else card


def remote_options(card: ModelCard, settings: Settings) -> RemoteOptions:
    """How a card of the "openai" engine is asked for."""
    remote = settings.remote
    assert card.remote is not None
    return RemoteOptions(
        serving=card.remote,
        api_key=remote.api_key.get_secret_value() if remote.api_key else "",
        context_tokens=remote.context_tokens,
        extra=json.loads(remote.extra or "{}"),
        connect_s=remote.connect_s,
        first_token_s=remote.first_token_s,
        between_tokens_s=remote.between_tokens_s,
        whole_s=remote.whole_s,
        retries=remote.retries,
        health_every_s=remote.health_every_s,
        start_s=remote.start_s,
    )


def _serving(remote: RemoteSettings) -> Serving | None:
    """The settings' servers, which go before a card's own. Raises SettingsError."""
    if not remote.endpoints:
        return None
    endpoints = tuple(remote.endpoints.split(","))
    try:
        return Serving(endpoints, remote.model, remote.server, remote.prompts)
    except ValueError as error:
        raise SettingsError(f"MERSAL_REMOTE__ENDPOINTS: {error}") from None
