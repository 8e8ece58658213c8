"""What the model in Python expects of each conversation."""

from dataclasses import dataclass, field

from broker.claims import Claim

MAX_MESSAGES = 3


@dataclass
class Held:
    """A claim in somebody's hands, whether or not it still counts for anything."""

    claim: Claim
    owner: str
    model: str
    had_moment: bool = False  # after an outage, to renew its lease


@dataclass
class Expected:
    """What must be true of one conversation."""

    pending: list[str] = field(default_factory=list)
    turns: list[tuple[str, ...]] = field(default_factory=list)
    replied: list[tuple[str, ...]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    holder: Held | None = None
    in_line: bool = False  # ready, or taken out of the inbox by forgetting while ready
    model: str = ""
    tries: int = 0
    careful: int = 0  # messages at the head that are taken one at a time, after a death
    stopped: int = 0  # messages at the head of the inbox that the user stopped
    merge: bool = False
    over: int = 0  # the fence of the last answer that ended
    fence: int = 0  # of the last claim, and how many messages it took
    taken: int = 0
    taken_by: str = ""

    @property
    def status(self) -> str:
        return "leased" if self.holder else "ready" if self.in_line else "idle"

    def most(self) -> int:
        return self.stopped or (1 if self.careful else MAX_MESSAGES)
