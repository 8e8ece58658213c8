"""The open tabs: the web chat as a channel."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bots.web.tab import Tab
from broker.messages import Reply, ReplyDelta

MAX_TABS = 20  # of one session


class TooManyTabs(Exception):
    """Raised when a session opens more sockets than anyone needs."""


class Tabs:
    """Brings replies to whoever looks at their conversation.

    To deliver means to show: the conversation's history holds the reply for later.
    """

    def __init__(self) -> None:
        self._tabs: defaultdict[str, set[Tab]] = defaultdict(set)
        self._sessions: Counter[str] = Counter()

    @contextmanager
    def opened(self, session: str, tab: Tab) -> Iterator[None]:
        """Show this tab what happens while it is open. Raises TooManyTabs."""
        if self._sessions[session] >= MAX_TABS:
            raise TooManyTabs
        ident = tab.address.conversation_id
        self._tabs[ident].add(tab)
        self._sessions[session] += 1
        try:
            yield
        finally:
            self._tabs[ident].discard(tab)
            if not self._tabs[ident]:
                del self._tabs[ident]
            self._sessions[session] -= 1
            if not self._sessions[session]:
                del self._sessions[session]

    async def deliver(self, reply: Reply) -> None:
        for tab in self._watching(reply.address.conversation_id):
            tab.show_reply(reply)

    async def show(self, event: ReplyDelta | Reply) -> None:
        if isinstance(event, Reply):
            await self.deliver(event)
            return
        for tab in self._watching(event.conversation_id):
            tab.show_delta(event)

    async def catch_up(self) -> None:
        for tab in self.all():
            tab.catch_up()

    def all(self) -> list[Tab]:
        return [tab for tabs in self._tabs.values() for tab in tabs]

    def _watching(self, conversation_id: str) -> list[Tab]:
        return list(self._tabs.get(conversation_id, ()))
