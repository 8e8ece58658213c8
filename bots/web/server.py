"""The web chat as a process: listens, says where, and leaves in good order."""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from bots.serving import run_until_told
from bots.web.app import create_app
from broker.errors import SettingsError
from broker.settings import Settings, WebSettings

logger = logging.getLogger(__name__)

# JSON may write a character in six bytes or, outside the basic plane, in twelve.
BYTES_PER_CHAR = 12
GRACE_S = 3


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals to us and says when it is ready."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._started()


async def serve(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until cancelled. `ready` is called with the URL as soon as it answers.

    Raises SettingsError when the port cannot be had or the secret not be kept.
    """
    app = create_app(settings)
    listening = listen(settings.web)
    url = browser_url(listening)

    def started() -> None:
        logger.info("web chat at %s", url)
        if ready is not None:
            ready(url)

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_S,
        ws_max_size=settings.limits.message_chars * BYTES_PER_CHAR + 4096,
        proxy_headers=True,
        forwarded_allow_ips=settings.web.trusted_proxies,  # "" trusts nobody
    )
    server = _Server(config, started)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
        listening.close()


def run(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError like `serve`."""
    run_until_told("web chat", lambda: serve(settings, ready))


def listen(web: WebSettings) -> socket.socket:
    try:
        family = socket.getaddrinfo(web.host, web.port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((web.host, web.port), family=family, backlog=1024)
        # Inherited by what it accepts. asyncio would set it, but not on a socket made like this,
        # and small frames would wait 40 ms for the other side's acknowledgement.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise SettingsError(f"web chat: {_what_to_change(error, web)}") from None


def _what_to_change(error: OSError, web: WebSettings) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {web.port} of {web.host} is taken by another program; "
            "set MERSAL_WEB__PORT to another one (0: any that is free)"
        )
    if error.errno == errno.EACCES:
        return f"port {web.port} needs privileges; set MERSAL_WEB__PORT to 1024 or above"
    return (
        f"cannot listen on {web.host}: {error}; set MERSAL_WEB__HOST to an address of this machine"
    )


def browser_url(listening: socket.socket) -> str:
    """Where to point a browser on this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
