"""The sections of the messaging platforms."""

from typing import Literal

from pydantic import Field, SecretStr

from broker.sections import Section


class PlatformSettings(Section):
    """What every messaging platform has."""

    streaming: bool = Field(True, description="show answers while they are written")
    show_every_s: float = Field(1.5, ge=0.2, description="least time between two previews")
    give_up_s: float = Field(21600.0, gt=0, description="longest time that a reply is tried")


class TelegramSettings(PlatformSettings):
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
    recent_messages: int = Field(
        100, ge=0, description="messages of a group kept for /summarize, for a day; 0: none"
    )
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


class SlackSettings(PlatformSettings):
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
