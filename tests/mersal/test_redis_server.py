"""The embedded Redis: started as `mersal up` starts it, killed, damaged, and not to be had."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from broker.connection import redis_url
from broker.settings import RedisSettings, Settings
from mersal.child import Child
from mersal.errors import AlreadyRunning, NoRedisServer, StateDirUnusable
from mersal.parts import redis_part
from mersal.redis_binary import find_redis
from mersal.redis_server import ask_redis, explain_end, redis_command, redis_folder
from mersal.state_dir import prepare
from tests.mersal.command import wait_until


@pytest.fixture
def settings(state_dir: Path) -> Settings:
    return Settings(state_dir=state_dir)


@pytest.fixture
def server(settings: Settings) -> Iterator[Child]:
    child = Child(redis_part(settings).program, prepare(settings.state_dir / "logs"))
    yield child
    child.kill()


def start(server: Child, settings: Settings) -> None:
    server.start()
    wait_until(lambda: ask_redis(settings).state == "ready", "Redis answers")


def fake_server(folder: Path, version: str) -> str:
    """A program that says it is a redis-server of this version."""
    path = folder / "redis-server"
    path.write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=0:0'\n")
    path.chmod(0o755)
    return str(path)


def test_it_listens_on_a_private_socket_and_keeps_everything(
    server: Child, settings: Settings
) -> None:
    start(server, settings)
    with redis.Redis.from_url(redis_url(settings), decode_responses=True) as client:
        for name, value in {
            "port": "0",
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
            "save": "",
        }.items():
            assert client.config_get(name) == {name: value}
    assert redis_folder(settings).stat().st_mode & 0o777 == 0o700


def test_what_it_was_told_survives_its_sigkill(server: Child, settings: Settings) -> None:
    start(server, settings)
    with redis.Redis.from_url(redis_url(settings)) as client:
        client.set("kept", "محفوظ")
        server.kill()
        assert ask_redis(settings).state == "silent"
        start(server, settings)
        assert client.get("kept") == "محفوظ".encode()


def test_a_damaged_file_is_explained_with_the_tool_that_mends_it(
    server: Child, settings: Settings
) -> None:
    start(server, settings)
    with redis.Redis.from_url(redis_url(settings)) as client:
        for number in range(100):
            client.set(f"key{number}", "value")
    server.kill()
    (data,) = (path for path in redis_folder(settings).rglob("*.aof") if path.stat().st_size)
    content = bytearray(data.read_bytes())
    content[200:240] = b"\0" * 40
    data.write_bytes(bytes(content))
    server.start()
    wait_until(lambda: server.exit_code() is not None, "Redis gives up")
    told = explain_end(server.log.path, redis_folder(settings))
    assert "redis-check-aof" in told
    assert str(redis_folder(settings)) in told


def test_one_that_nobody_watches_is_not_taken_over(server: Child, settings: Settings) -> None:
    start(server, settings)
    with pytest.raises(AlreadyRunning, match=f"kill {server.pid}"):
        redis_command(settings)


def test_a_path_too_long_for_a_socket_is_refused_before_anything_starts(state_dir: Path) -> None:
    deep = state_dir / ("x" * 60) / ("y" * 60)
    with pytest.raises(StateDirUnusable, match="MERSAL_STATE_DIR"):
        redis_command(Settings(state_dir=deep))


def test_a_folder_that_cannot_be_written_is_refused(state_dir: Path) -> None:
    state_dir.write_text("a file where the directory should be")
    with pytest.raises(StateDirUnusable, match="MERSAL_STATE_DIR"):
        redis_command(Settings(state_dir=state_dir))


def test_the_set_server_must_exist_and_be_one(state_dir: Path, tmp_path: Path) -> None:
    for wrong in (str(tmp_path / "nowhere"), "/bin/echo"):
        with pytest.raises(NoRedisServer):
            redis_command(Settings(state_dir=state_dir, redis=RedisSettings(server=wrong)))


def test_a_server_that_is_too_old_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoRedisServer, match="6.0.16.*at least 6.2"):
        find_redis(fake_server(tmp_path, "6.0.16"))


def test_an_old_server_on_the_path_gives_way_to_the_bundled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = fake_server(tmp_path, "5.0.3")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = find_redis()
    assert str(found.path) != old
    assert found.version >= (6, 2, 0)


def test_without_any_server_the_packages_to_install_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("mersal.redis_binary.BUNDLED_FILE", "no/such/file")
    with pytest.raises(NoRedisServer, match="apt install redis-server.*MERSAL_REDIS_URL"):
        find_redis()


def test_redis_6_does_not_start_over_the_data_of_redis_7(state_dir: Path, tmp_path: Path) -> None:
    (state_dir / "redis" / "appendonlydir").mkdir(parents=True)
    six = RedisSettings(server=fake_server(tmp_path, "6.2.14"))
    with pytest.raises(NoRedisServer, match="install Redis 7"):
        redis_command(Settings(state_dir=state_dir, redis=six))


def test_a_signal_that_kills_is_told_apart_from_an_exit(server: Child, settings: Settings) -> None:
    start(server, settings)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    codes: list[int] = []

    def has_ended() -> bool:
        code = server.exit_code()
        codes.extend([] if code is None else [code])
        return bool(codes)

    wait_until(has_ended, "its end")
    assert codes == [-signal.SIGKILL]
