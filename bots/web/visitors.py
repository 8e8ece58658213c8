"""How much one network may do: a browser that forgets its cookie is a new user every time.

Counted in this process, by client address, and forgotten with it: no address is written down.
"""

import ipaddress
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import HTTPConnection

from bots.web.allowance import Allowance
from broker.settings import WebSettings

logger = logging.getLogger(__name__)

IPV6_PREFIX = 64  # one household has at least so many addresses


class Crowded(Exception):
    """Raised when a network has as many open tabs as it may."""


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
