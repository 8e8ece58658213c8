import stat
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.requests import HTTPConnection

from bots.web.session import SECRET_FILE, Sessions, address, open_sessions
from broker.errors import SettingsError
from broker.settings import Settings, WebSettings


def _browser(cookie: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [(b"cookie", cookie.encode("latin-1"))]})


def _sessions(secret: str = "s" * 40, keep_s: int = 100) -> Sessions:
    return Sessions(secret, keep_s, secure=False)


def test_a_cookie_says_whose_it_is() -> None:
    sessions = _sessions()
    name = sessions.new()
    cookie = sessions.cookie(name)
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert sessions.read(_browser(cookie.partition(";")[0])) == name


def test_two_sessions_have_different_names() -> None:
    sessions = _sessions()
    assert len({sessions.new() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value[:-2] + ("aa" if value[-2:] != "aa" else "bb"),
        lambda value: "x" + value[1:],
        lambda value: value.rpartition(".")[0],
        lambda value: value.partition(".")[0],
        lambda value: "",
        lambda value: "é" + value,
        lambda value: "../../" + value,
    ],
)
def test_a_forged_cookie_is_nobodys(spoil: object) -> None:
    assert callable(spoil)
    sessions = _sessions()
    value = sessions.cookie("a" * 24).partition(";")[0].removeprefix("mersal=")
    assert sessions.read(_browser(f"mersal={spoil(value)}")) is None
    assert sessions.read(_browser("")) is None


def test_a_cookie_of_another_secret_is_nobodys() -> None:
    cookie = _sessions("other secret").cookie("a" * 24).partition(";")[0]
    assert _sessions().read(_browser(cookie)) is None


def test_an_old_cookie_is_nobodys() -> None:
    cookie = _sessions().cookie("a" * 24).partition(";")[0]
    assert _sessions(keep_s=-1).read(_browser(cookie)) is None


@pytest.mark.parametrize("number", [0, -1, 10000])
def test_numbers_out_of_range_are_no_conversations(number: int) -> None:
    with pytest.raises(ValueError):
        address("session", number)


def test_the_secret_is_made_once_and_for_its_owner_alone(settings: Settings) -> None:
    cookie = open_sessions(settings).cookie("a" * 24).partition(";")[0]
    path = settings.state_dir / SECRET_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_sessions(settings).read(_browser(cookie)) == "a" * 24
    assert list(settings.state_dir.iterdir()) == [path]


def test_processes_that_start_together_agree_on_the_secret(settings: Settings) -> None:
    cookies: list[str] = []

    def start() -> None:
        cookies.append(open_sessions(settings).cookie("a" * 24).partition(";")[0])

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sessions = open_sessions(settings)
    assert [sessions.read(_browser(cookie)) for cookie in cookies] == ["a" * 24] * 8


def test_a_secret_that_is_set_is_used_and_nothing_is_written(settings: Settings) -> None:
    web = WebSettings(secret=SecretStr("from the settings"), secure_cookie=True)
    chosen = settings.model_copy(update={"web": web})
    assert "Secure" in open_sessions(chosen).cookie("a" * 24)
    assert not (settings.state_dir / SECRET_FILE).exists()


def test_a_folder_that_cannot_be_written_says_what_to_change(
    settings: Settings, tmp_path: Path
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    with pytest.raises(SettingsError, match="MERSAL_STATE_DIR"):
        open_sessions(settings.model_copy(update={"state_dir": blocker / "state"}))


def test_an_empty_secret_file_is_not_a_secret(settings: Settings) -> None:
    settings.state_dir.mkdir()
    (settings.state_dir / SECRET_FILE).write_text("\n")
    with pytest.raises(SettingsError, match="holds no secret"):
        open_sessions(settings)
