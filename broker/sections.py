"""Sections of the settings: what the broker, the workers and the whole house can be told."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


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
        description="a new message during an answer: queue it, or stop the answer and merge; "
        "a task waits, and is waited for, in any case",
    )


class WorkerSettings(Section):
    """A process that owns one model."""

    model: str = Field("demo", description="the model of new conversations")
    threads: int = Field(16, ge=1, le=512, description="turns side by side in one process")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where the model runs")
    quantization: Literal["auto", "none", "8bit", "4bit"] = Field(
        "auto", description="bits of the model's weights; auto: as many as fit into free memory"
    )
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="numbers that the model computes in; auto: by the device and its memory"
    )
    revision: str = Field(
        "", description="branch, tag or commit of the model on the hub; empty: its card's"
    )
    kv_cache_mb: int = Field(
        0,
        ge=0,
        description="memory for the keys and values of conversations, those that may go on "
        "included; 0: a share of what is free",
    )
    decode: Literal["auto", "eager", "compiled"] = Field(
        "auto", description="whether the model's passes are compiled; auto: no (docs/engine.md)"
    )
    # One blocking read: it must end before the socket's timeout (broker/connection.py).
    linger_s: float = Field(
        1.0, ge=0, le=5, description="idle wait before a thread returns to Celery"
    )
    slice_s: float = Field(5.0, gt=0, description="longest stay of a busy thread in one ring")
    grace_s: float = Field(10.0, ge=0, description="time to finish turns at shutdown")
    stuck_s: float = Field(30.0, gt=1, description="waiting work untouched so long: restart")
    system_prompt: str = Field("", description="system text before every conversation")
    max_new_tokens: int = Field(
        0, ge=0, description="longest answer, in tokens; 0: what the model's card says"
    )
    long_message: Literal["refuse", "cut"] = Field(
        "refuse",
        description="a message longer than the model's window: refuse it, or read its beginning "
        "and end, and say so",
    )
    echo_delay_s: float = Field(0.0, ge=0, description="model `echo`: time that a turn takes")


class RoutingSettings(Section):
    """Which model answers a conversation, by the language of its first message."""

    ary: str = Field("", description="the model of those that begin in Darija; empty: as always")
    ar: str = Field("", description="likewise in Standard Arabic")
    fr: str = Field("", description="likewise in French")
    en: str = Field("", description="likewise in English")


class SafeguardSettings(Section):
    """What is not answered, not said, and masked (docs/safeguards.md)."""

    enabled: bool = Field(True, description="refuse what our rules find harmful")
    skip: str = Field("", description="categories of rules to leave out, with commas between")
    rules: str = Field("", description="rules of your own besides: a TOML file, or a folder")
    hook: str = Field("", description="a safeguard of your own besides: package.module:Class")
    mask: Literal["off", "model", "history"] = Field(
        "off",
        description="telephone, card and account numbers, identity cards, e-mail addresses: the "
        "model does not read them and its answers do not show them; history: nor are they kept",
    )


class UpSettings(Section):
    """`mersal up`, which watches over Redis, the worker and the bots."""

    silent_s: float = Field(
        60.0, ge=0, description="a part without a sign of life for so long is killed; 0: never"
    )


class LogSettings(Section):
    """Logs hold ids and timings, never message text."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level")
    format: Literal["auto", "text", "json"] = Field(
        "auto", description="auto: text on a terminal, JSON lines elsewhere"
    )
