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

    def withdraw(self, gone: set[str]) -> str:
        """Take these messages back; returns what is left: running, waiting, emptied or idle."""
        was_idle = self.status == "idle"
        in_flight = len(self.holder.claim.messages) if self.holder else 0
        going = [i for i, one in enumerate(self.pending) if one in gone and i >= in_flight]
        self.pending = [one for i, one in enumerate(self.pending) if i not in going]
        stopped, careful, taken = (
            count - sum(i < count for i in going)
            for count in (self.stopped, self.careful, self.taken)
        )
        if self.taken and not taken and self.status == "ready":
            self.over = max(self.over, self.fence)
        self.stopped, self.careful, self.taken = stopped, careful, taken
        if self.holder:
            if set(self.pending[:in_flight]) <= gone:
                self.stopped, self.merge = in_flight, False
            elif len(self.pending) == in_flight:
                self.merge = False
            return "running"
        if 0 in going or not self.pending:
            self.tries = 0
        self.in_line = bool(self.pending)
        if self.in_line:
            return "waiting"
        return "idle" if was_idle else "emptied"
