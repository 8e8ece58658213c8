"""The platforms' tokens: set or not; they are never shown."""

from collections.abc import Iterator

from broker.settings import Settings
from mersal.doctor.finding import Finding, ok, warn


def check_tokens(settings: Settings) -> Iterator[Finding]:
    if settings.telegram.token is None:
        yield ok("Telegram", "off (MERSAL_TELEGRAM__TOKEN is not set)")
    else:
        yield ok("Telegram", "token set")
    slack = settings.slack
    tokens = {
        "MERSAL_SLACK__BOT_TOKEN": slack.bot_token,
        "MERSAL_SLACK__APP_TOKEN": slack.app_token,
    }
    missing = [name for name, token in tokens.items() if token is None]
    if len(missing) == 1:
        yield warn("Slack", f"off: {missing[0]} is not set", "Slack needs both tokens")
    elif missing:
        yield ok("Slack", f"off ({' and '.join(missing)} are not set)")
    else:
        yield ok("Slack", "tokens set")
