"""Installing the app in several workspaces by OAuth; what comes of it is kept in the state
directory, in slack_sdk's own store, and survives restarts."""

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack.installations import Installations
from bots.slack.manifest import SCOPES
from broker.errors import SettingsError
from broker.settings import Settings

INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
STATE_S = 600


def installation_store(settings: Settings) -> Installations | None:
    """Where installations are kept; None without OAuth. Raises SettingsError."""
    if not settings.slack.client_id:
        return None
    return Installations(
        database=str(_database(settings)),
        client_id=settings.slack.client_id,
        logger=logging.getLogger("slack_sdk"),
    )


def oauth_flow(settings: Settings, store: Installations, client: AsyncWebClient) -> AsyncOAuthFlow:
    """The pages that install the app. Raises SettingsError when half of what it needs is set."""
    slack = settings.slack
    if slack.client_secret is None:
        raise SettingsError("MERSAL_SLACK__CLIENT_SECRET is not set; OAuth needs it")
    # slack_sdk makes one for the exchange of codes.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message="BasicAuth is")
    redirect = slack.public_url.rstrip("/") + REDIRECT_PATH if slack.public_url else None
    return AsyncOAuthFlow(
        client=client,
        logger=logging.getLogger("slack_bolt"),
        settings=AsyncOAuthSettings(
            client_id=slack.client_id,
            client_secret=slack.client_secret.get_secret_value(),
            scopes=_scopes(),
            user_scopes=[],
            redirect_uri=redirect,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            installation_store=store,
            state_store=SQLite3OAuthStateStore(
                database=str(_database(settings)), expiration_seconds=STATE_S
            ),
            state_expiration_seconds=STATE_S,
            logger=logging.getLogger("slack_bolt"),
        ),
    )


def _scopes() -> Sequence[str]:
    return list(SCOPES)


def _database(settings: Settings) -> Path:
    """The file, which holds tokens: nobody else may read it. Raises SettingsError."""
    path = settings.state_dir / "slack" / "installations.sqlite3"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise SettingsError(f"MERSAL_STATE_DIR: cannot keep installations: {error}") from None
    return path
