"""Telegram's rate limits: calls a second by chat and for the whole bot, all calls counted."""

import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.telegram.rules import Bad


@dataclass
class Rates:
    """Calls that are free in so many seconds. `refused` names the limit of each call too many."""

    private: tuple[int, float] = (1, 1.0)
    group: tuple[int, float] = (20, 60.0)
    whole: tuple[int, float] = (30, 1.0)
    enforced: bool = True
    refused: list[str] = field(default_factory=list)
    _spent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def spend(self, chat_id: int) -> None:
        """Count a call. Raises Bad when it is one too many."""
        if not self.enforced:
            return
        own = self.private if chat_id > 0 else self.group
        now = time.monotonic()
        for name, (calls, window_s) in ((str(chat_id), own), ("whole", self.whole)):
            times = self._spent[name]
            while times and times[0] <= now - window_s:
                times.popleft()
            if len(times) >= calls:
                self.refused.append(name)
                raise Bad("Too Many Requests: retry after 3", 429, retry_after=3)
        self._spent[str(chat_id)].append(now)
        self._spent["whole"].append(now)
