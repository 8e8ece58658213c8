"""Slack's rate limits: calls a minute by method and workspace, posts a second by channel."""

import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.slack.rules import Bad

# Tiers, calls a minute; Slack promises at least so many and lets bursts pass, we do not.
TIERS = {"1": 1, "2": 20, "3": 50, "4": 100, "post": 300, "status": 600}


@dataclass
class Rates:
    """`scale` divides every window, so that a test need not wait for minutes."""

    enforced: bool = True
    scale: float = 1.0
    posts: tuple[int, float] = (1, 1.0)
    refused: list[str] = field(default_factory=list)
    _spent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def spend(self, team: str, method: str, tier: str, channel: str) -> None:
        """Count a call. Raises Bad with the seconds to wait when it is one too many."""
        if not self.enforced or tier == "free":
            return
        limits = [(f"{team} {method}", TIERS[tier], 60.0)]
        if tier == "post":
            limits.append((f"{team} {channel}", *self.posts))
        now = time.monotonic()
        for name, calls, window_s in limits:
            window_s /= self.scale
            times = self._spent[name]
            while times and times[0] <= now - window_s:
                times.popleft()
            if len(times) >= calls:
                self.refused.append(name)
                left_s = times[0] + window_s - now
                raise Bad("ratelimited", name, 429, retry_after=max(1, round(left_s + 0.5)))
        for name, _, _ in limits:
            self._spent[name].append(now)
