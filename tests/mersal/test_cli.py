"""The command line: help, errors in one line, lists, settings."""

import sys
from pathlib import Path

import pytest

from mersal.cli import named_bots
from mersal.tables import settings_page
from tests.mersal.command import mersal

COMMANDS = ("up", "worker", "bot", "chat", "models", "prompt", "settings", "doctor", "version")
PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_needs_no_settings(command: str, state_dir: Path) -> None:
    helped = mersal(command, "--help", state_dir=state_dir, NONSENSE="1")
    assert helped.returncode == 0
    assert f"mersal {command}" in helped.stdout


def test_help_lists_every_command_and_examples(state_dir: Path) -> None:
    helped = mersal("--help", state_dir=state_dir)
    assert all(f"\n  {command} " in helped.stdout for command in COMMANDS)
    assert "MERSAL_WEB__PORT=9000 mersal up" in helped.stdout
    assert "Exit codes:" in helped.stdout
    assert "..." not in helped.stdout.partition("Commands:")[2], "a summary that is cut off"


@pytest.mark.parametrize("command", [("up",), ("worker",), ("bot", "web"), ("chat",), ("doctor",)])
def test_an_unknown_setting_stops_every_command_and_names_itself(
    command: tuple[str, ...], state_dir: Path
) -> None:
    stopped = mersal(*command, state_dir=state_dir, WEB__PROT="1")
    assert stopped.returncode == 2
    (line,) = stopped.stderr.splitlines()
    assert line.startswith("mersal: ")
    assert "MERSAL_WEB__PROT" in line
    assert "did you mean MERSAL_WEB__PORT?" in line
    assert not state_dir.exists()


def test_a_bad_value_stops_the_program_and_names_its_setting(state_dir: Path) -> None:
    stopped = mersal("doctor", state_dir=state_dir, WORKER__THREADS="many")
    assert stopped.returncode == 2
    assert "MERSAL_WORKER__THREADS" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_an_unknown_bot_is_answered_with_the_known(state_dir: Path) -> None:
    for arguments in (("bot", "icq"), ("up", "--bots", "web,icq")):
        refused = mersal(*arguments, state_dir=state_dir)
        assert refused.returncode == 2
        assert "'icq'" in refused.stderr
        assert "web" in refused.stderr


def test_a_bot_that_is_named_twice_runs_once() -> None:
    assert named_bots("web, telegram,web,") == ("web", "telegram")


def test_the_page_of_settings_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page() + "\n", (
        "run: mersal settings --markdown > docs/settings.md"
    )


def test_settings_shows_names_alone_and_never_a_value(state_dir: Path) -> None:
    shown = mersal("settings", state_dir=state_dir, TELEGRAM__TOKEN="12345:secret")
    assert "MERSAL_TELEGRAM__TOKEN" in shown.stdout
    assert "12345:secret" not in shown.stdout


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("mersal.cli", {"torch", "transformers", "celery", "rich"}),  # every command starts with it
        ("mersal.up", {"torch", "transformers"}),
        ("mersal.doctor.report", {"torch", "transformers"}),
    ],
)
def test_a_command_does_not_load_what_it_does_not_need(module: str, heavy: set[str]) -> None:
    import subprocess

    code = f"import {module}, sys; print(*({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert ran.stdout.split() == []
