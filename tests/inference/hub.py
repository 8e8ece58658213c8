"""A hub on this machine: what huggingface_hub asks of the real one, answered from folders.

Strict: what it does not know, and what is asked in another way than the hub's, is an error 501.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import pytest
from huggingface_hub import constants

TOKEN = "hf_" + "a" * 34
STRANGER = "hf_" + "b" * 34  # a good token, without access to what is gated
LARGE_BYTES = 10_000  # from here on a file lies in the large store, behind a redirect


@dataclass
class Repository:
    """`commits` are folders by revision. `cut`: so many bytes of a large file, then silence."""

    folder: Path
    access: Literal["open", "gated", "private"] = "open"
    revisions: tuple[str, ...] = ("main",)
    bytes_per_s: float = 0  # as fast as it can
    cut: int | None = None
    claims: dict[str, int] = field(default_factory=dict)  # sizes that are told instead of the true

    @property
    def commit(self) -> str:
        names = sorted(f"{path.name} {path.stat().st_size}" for path in self.folder.iterdir())
        return hashlib.sha1("\n".join(names).encode()).hexdigest()

    def size(self, name: str) -> int:
        return self.claims.get(name, (self.folder / name).stat().st_size)


class Hub:
    """Repositories by id, and what was asked: `(method, path)`."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.asked: list[tuple[str, str]] = []
        self.status: int | None = None  # what everything is answered with, if anything
        hub = self

        class Handler(_Handler):
            pass

        Handler.hub = hub
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.store = f"http://localhost:{self._server.server_port}/store"  # another host, as there

    def fetched(self) -> list[str]:
        """Names of the files whose contents were asked for."""
        return sorted(
            path.rsplit("/", 1)[1]
            for method, path in self.asked
            if method == "GET" and ("/resolve/" in path or "/store/" in path)
        )

    @contextmanager
    def serving(self) -> Iterator["Hub"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def point_at(hub: Hub, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What HF_ENDPOINT and HF_HOME say to a new process, said to this one."""
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    template = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(home / "token"))
    monkeypatch.delenv("HF_TOKEN", raising=False)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_: Any) -> None:
        pass

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append((self.command, path))
        if self.hub.status is not None:
            self._send(self.hub.status)
        elif path.startswith("/api/models/"):
            self._api(path.removeprefix("/api/models/"))
        elif "/resolve/" in path:
            self._resolve(path.removeprefix("/"))
        elif path.startswith("/store/"):
            self._store(path.removeprefix("/store/"))
        else:
            self._send(501)

    def _api(self, path: str) -> None:
        kind = "/tree/" if "/tree/" in path else "/revision/"
        name, _, revision = path.partition(kind)
        repository = self._repository(name, revision)
        if repository is None:
            return
        if kind == "/revision/":
            self._json({"_id": "1", "id": name, "sha": repository.commit, "siblings": []})
        else:
            self._json([self._entry(repository, p.name) for p in repository.folder.iterdir()])

    def _entry(self, repository: Repository, name: str) -> dict[str, Any]:
        size, content = repository.size(name), (repository.folder / name).read_bytes()
        entry = {
            "type": "file",
            "path": name,
            "size": size,
            "oid": hashlib.sha1(content).hexdigest(),
        }
        if size >= LARGE_BYTES:
            large = hashlib.sha256(content).hexdigest()
            entry["lfs"] = {"oid": large, "size": size, "pointerSize": 135}
        return entry

    def _resolve(self, path: str) -> None:
        name, _, rest = path.partition("/resolve/")
        revision, _, file = rest.partition("/")
        repository = self._repository(name, revision)
        if repository is None or self._is_gated(repository):
            return
        source = repository.folder / file
        if not source.is_file():
            self._send(404, {"X-Error-Code": "EntryNotFound"})
            return
        entry = self._entry(repository, file)
        headers = {"X-Repo-Commit": repository.commit}
        if "lfs" in entry:
            headers["X-Linked-Etag"] = f'"{entry["lfs"]["oid"]}"'
            headers["X-Linked-Size"] = str(entry["size"])
            headers["Location"] = f"{self.hub.store}/{name}/{file}"
            self._send(302, headers)
        else:
            headers["ETag"] = f'"{entry["oid"]}"'
            self._send(200, headers, source.read_bytes())

    def _store(self, path: str) -> None:
        name, _, file = path.rpartition("/")
        repository = self.hub.repositories[name]
        content = (repository.folder / file).read_bytes()
        first = 0
        if asked := self.headers.get("Range"):
            first = int(asked.removeprefix("bytes=").partition("-")[0])
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(content) - first))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.command == "HEAD":
            return
        until = len(content) if repository.cut is None else repository.cut
        for start in range(first, until, 4096):
            piece = content[start : min(start + 4096, until)]
            self.wfile.write(piece)
            if repository.bytes_per_s:
                time.sleep(len(piece) / repository.bytes_per_s)
        if repository.cut is not None:
            self.close_connection = True
            self.connection.close()

    def _repository(self, name: str, revision: str) -> Repository | None:
        """None when the answer is given already: the hub's own refusals."""
        repository = self.hub.repositories.get(name)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in ("", TOKEN, STRANGER):
            message = "Invalid credentials in Authorization header"
            self._send(401, {"X-Error-Message": message})
        elif repository is None or (repository.access == "private" and token != TOKEN):
            # Nobody is told apart what is not there from what is private.
            self._send(404 if token else 401, {"X-Error-Code": "RepoNotFound"})
        elif revision not in (*repository.revisions, repository.commit):
            self._send(404, {"X-Error-Code": "RevisionNotFound"})
        else:
            return repository
        return None

    def _is_gated(self, repository: Repository) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if repository.access != "gated" or token == TOKEN:
            return False
        self._send(403 if token else 401, {"X-Error-Code": "GatedRepo"})
        return True

    def _json(self, content: Any) -> None:
        self._send(200, {"Content-Type": "application/json"}, json.dumps(content).encode())

    def _send(
        self, status: int, headers: dict[str, str] | None = None, content: bytes = b""
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)
