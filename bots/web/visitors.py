"""How much one network may do: a browser that forgets its cookie is a new user every time.

Counted in this process, by client address, and forgotten with it: no address is written down.
"""

import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import HTTPConnection

from broker.settings import WebSettings

logger = logging.getLogger(__name__)

TIDY_ABOVE = 10_000  # keys
IPV6_PREFIX = 64  # one household has at least so many addresses


class Crowded(Exception):
    """Raised when a network has as many open tabs as it may."""


class Allowance:
    """So many calls within a window, by key; 0: any number. One number a key is kept: when its
    allowance is whole again (the generic cell rate algorithm)."""

    def __init__(self, calls: int, window_s: float) -> None:
        self._calls = calls
        self._window_s = window_s
        self._whole_at: dict[str, float] = {}

    def wait_s(self, key: str) -> float:
        """Seconds until the next call may be; 0 when it may be now."""
        return max(0.0, self._after_one(key) - self._window_s - time.monotonic())

    def spend(self, key: str) -> float:
        """Like `wait_s`; when the call may be now, it is counted."""
        wait_s = self.wait_s(key)
        if not wait_s and self._calls:
            self._whole_at[key] = self._after_one(key)
            self._tidy()
        return wait_s

    def _after_one(self, key: str) -> float:
        now = time.monotonic()
        step_s = self._window_s / self._calls if self._calls else 0.0
        return max(now, self._whole_at.get(key, now)) + step_s

    def _tidy(self) -> None:
        if len(self._whole_at) > TIDY_ABOVE:
            now = time.monotonic()
            self._whole_at = {key: at for key, at in self._whole_at.items() if at > now}


class Visitors:
    """The networks that browsers come from."""

    def __init__(self, web: WebSettings) -> None:
        self.sessions = Allowance(web.sessions_per_hour, 3600.0)
        self.messages = Allowance(web.messages_per_minute, 60.0)
        self._most_tabs = web.tabs_per_address
        self._tabs: Counter[str] = Counter()
        self._trusts_nobody = not web.trusted_proxies
        self._warned = False

    def network(self, connection: HTTPConnection) -> str:
        """The network of a browser: its address, of IPv6 the household's prefix."""
        if self._trusts_nobody and not self._warned and "x-forwarded-for" in connection.headers:
            self._warned = True
            logger.warning(
                "a proxy stands before the web chat: without MERSAL_WEB__TRUSTED_PROXIES "
                "everybody behind it counts as one address"
            )
        host = connection.client.host if connection.client else ""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return host[:64]
        if isinstance(address, ipaddress.IPv4Address):
            return host
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed, IPV6_PREFIX), strict=False))

    @contextmanager
    def tab_open(self, network: str) -> Iterator[None]:
        """Count a tab while it is open. Raises Crowded."""
        if 0 < self._most_tabs <= self._tabs[network]:
            raise Crowded
        self._tabs[network] += 1
        try:
            yield
        finally:
            self._tabs[network] -= 1
            if not self._tabs[network]:
                del self._tabs[network]
