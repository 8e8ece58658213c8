"""Where settings come from, and who wins."""

from pathlib import Path

import pytest

from broker.errors import SettingsError
from broker.settings import child_environment, read_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty working directory, and none of our names in the environment."""
    for name in child_environment():
        if name.startswith("MERSAL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_environment_wins_over_env_over_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mersal.toml").write_text("[web]\nport = 1001\ntitle = 'one'\nhost = '::1'\n")
    Path(".env").write_text("MERSAL_WEB__PORT=1002\nMERSAL_WEB__TITLE=two\n")
    monkeypatch.setenv("MERSAL_WEB__PORT", "1003")
    web = read_settings().web
    assert (web.port, web.title, web.host) == (1003, "two", "::1")


def test_env_may_hold_other_programs_names() -> None:
    Path(".env").write_text("DATABASE_URL=postgres://x\nWEB__PORT=9\nMERSAL_WEB__PORT=1002\n")
    assert read_settings().web.port == 1002


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        (".env", "MERSAL_WEB__PROT=1", "MERSAL_WEB__PROT"),
        ("mersal.toml", "[web]\nprot = 1\n", r"prot in \[web\] of mersal.toml; .* mean port\?"),
        ("mersal.toml", "wbe = 1\n", r"wbe in mersal.toml; did you mean web\?"),
        ("mersal.toml", "web = 1\n", "MERSAL_WEB: "),
        ("mersal.toml", "[web\n", "mersal.toml"),
        (".env", "MERSAL_WEB__PORT=70000", "MERSAL_WEB__PORT"),
    ],
)
def test_what_is_wrong_is_named(file: str, content: str, named: str) -> None:
    Path(file).write_text(content)
    with pytest.raises(SettingsError, match=named):
        read_settings()


@pytest.mark.parametrize("file", [".env", "mersal.toml"])
def test_a_file_that_cannot_be_read_is_named(file: str) -> None:
    Path(file).write_bytes("MERSAL_WEB__TITLE='مرسال'".encode("utf-16"))
    with pytest.raises(SettingsError, match=f"^{file}: not UTF-8"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "bound", "because"),
    [
        ("RETENTION__CONVERSATION_S", "60", "680", "MERSAL_TURN__DEADLINE_S"),
        ("TURN__DEADLINE_S", "9000000", "conversation_s", "MERSAL_TURN__DEADLINE_S"),
        ("RETENTION__PARTIAL_S", "60", "180", "MERSAL_TURN__DEADLINE_S"),
        ("RETENTION__DEDUP_S", "3600", "21660", "MERSAL_TELEGRAM__GIVE_UP_S"),
        ("SLACK__GIVE_UP_S", "200000", "dedup_s", "MERSAL_SLACK__GIVE_UP_S"),
        ("RETENTION__HISTORY_TURNS", "40", "41", "MERSAL_TURN__HISTORY_TURNS"),
        ("TURN__HISTORY_TURNS", "200", "history_turns", "MERSAL_TURN__HISTORY_TURNS"),
    ],
)
def test_settings_that_lose_something_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, bound: str, because: str
) -> None:
    monkeypatch.setenv(f"MERSAL_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    told = str(refused.value)
    assert because in told
    assert bound.lower() in told.lower()
    assert "Value error" not in told and "MERSAL_:" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKER__LINGER_S", "11"),
        ("WEB__SECRET", "hidden"),
        ("WEB__TRUSTED_PROXIES", "127.0.0.1, proxy.example"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://:hidden#word@localhost:6379"),
    ],
)
def test_values_that_cannot_work_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"MERSAL_{name}", value)
    with pytest.raises(SettingsError, match=f"MERSAL_{name}: .*should") as refused:
        read_settings()
    assert "hidden" not in str(refused.value)


def test_a_bad_secret_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERSAL_TELEGRAM__TOKEN", "12345:hidden")
    monkeypatch.setenv("MERSAL_WEB__PORT", "x")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "hidden" not in str(caught.value)
    monkeypatch.delenv("MERSAL_WEB__PORT")
    assert "hidden" not in repr(read_settings())
