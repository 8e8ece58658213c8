"""The platforms' tokens: set or not; they are never shown."""

from collections.abc import Iterator

from broker.settings import Settings, SlackSettings
from mersal.doctor.finding import Finding, ok, warn


def check_tokens(settings: Settings) -> Iterator[Finding]:
    if settings.telegram.token is None:
        yield ok("Telegram", "off (MERSAL_TELEGRAM__TOKEN is not set)")
    else:
        yield ok("Telegram", "token set")
    yield _slack(settings.slack)


def _slack(slack: SlackSettings) -> Finding:
    """Slack needs a way in (Socket Mode or HTTP) and a way out (a token, or OAuth)."""
    way_in = {"MERSAL_SLACK__APP_TOKEN": slack.app_token}
    if slack.http:
        way_in = {"MERSAL_SLACK__SIGNING_SECRET": slack.signing_secret}
    way_out = {"MERSAL_SLACK__BOT_TOKEN": slack.bot_token}
    if slack.client_id:
        way_out = {"MERSAL_SLACK__CLIENT_SECRET": slack.client_secret}
    tokens = {**way_out, **way_in}
    missing = [name for name, token in tokens.items() if token is None]
    if len(missing) == 1:
        return warn("Slack", f"off: {missing[0]} is not set", f"Slack needs {' and '.join(tokens)}")
    if missing:
        return ok("Slack", f"off ({' and '.join(missing)} are not set)")
    return ok("Slack", "tokens set")
