"""This machine: the state directory, its disk, the port of the web chat, the running `up`."""

import errno
import os
import shutil
import socket
from collections.abc import Iterator

from broker.settings import Settings, WebSettings
from mersal.doctor.finding import Finding, fail, ok, warn
from mersal.errors import StateDirUnusable
from mersal.state_dir import RunningUp, prepare

LITTLE_BYTES = 1 << 30
TOO_LITTLE_BYTES = 100 << 20


def check_machine(settings: Settings, running: RunningUp | None) -> Iterator[Finding]:
    yield from _state_dir(settings)
    yield _running(running)
    if running is None:
        yield _port(settings.web)


def _state_dir(settings: Settings) -> Iterator[Finding]:
    folder = settings.state_dir
    try:
        prepare(folder)
    except StateDirUnusable as error:
        yield fail("state directory", str(error), "see above")
        return
    if folder.stat().st_mode & 0o077 and folder.stat().st_uid == os.getuid():
        yield warn(
            "state directory", f"{folder}, open to other users", f"run: chmod 700 '{folder}'"
        )
    else:
        yield ok("state directory", str(folder))
    free = shutil.disk_usage(folder).free
    found = f"{free / (1 << 30):.1f} GiB free"
    if free < TOO_LITTLE_BYTES:
        yield fail("disk", found, "Redis stops taking messages when the disk is full: make room")
    elif free < LITTLE_BYTES:
        yield warn("disk", found, "make room before Redis runs out of it")
    else:
        yield ok("disk", found)


def _running(running: RunningUp | None) -> Finding:
    if running is None:
        return warn("mersal up", "not running with this state directory", "start it: mersal up")
    where = f", {running.url}" if running.url else ""
    state = "runs" if running.ready else "is starting"
    return ok("mersal up", f"{state}, pid {running.pid}, model {running.model}{where}")


def _port(web: WebSettings) -> Finding:
    """Whether the web chat could listen. Asks for a moment what it will ask for good."""
    where = f"{web.port} of {web.host}"
    try:
        family = socket.getaddrinfo(web.host, web.port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((web.host, web.port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return fail(
                "web port",
                f"{where} is taken by another program",
                "stop that program, or set MERSAL_WEB__PORT to another port (0: any free one)",
            )
        return fail(
            "web port",
            f"cannot listen on {where}: {error.strerror}",
            "set MERSAL_WEB__HOST to an address of this machine, MERSAL_WEB__PORT to a port "
            "above 1023",
        )
    return ok("web port", f"{where} is free" if web.port else "any free one")
