"""`mersal text`: one message a line."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mersal.command import environment, mersal


def test_detect_answers_every_line(tmp_path: Path) -> None:
    said = "wach kayn tawsil?\n\nواش كاين WiFi\nhow much is it\r\n"
    done = mersal("text", "detect", state_dir=tmp_path / "state", said=said)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [row[:2] for row in rows] == [
        ["ary", "latn"],
        ["und", "none"],
        ["ary", "mixed"],
        ["en", "latn"],
    ]
    assert all(0 < float(row[2]) <= 1 for row in rows)


def test_an_answer_comes_before_the_next_message(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mersal", "text", "detect"],
        env=environment(tmp_path / "state"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("bonjour à tous\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith("fr\tlatn\t")
        process.stdin.close()
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("command", "said", "answered"),
    [
        ("to-arabic", "chno smitek?\n\nmerci, 50dh\n", "شنو سميتك؟\n\nmerci, 50dh\n"),
        ("to-latin", "شنو سميتك؟\n٢٥ عام", "chno smitek?\n25 3am\n"),
    ],
)
def test_darija_changes_its_script(tmp_path: Path, command: str, said: str, answered: str) -> None:
    done = mersal("text", command, state_dir=tmp_path / "state", said=said)
    assert done.returncode == 0, done.stderr
    assert done.stdout == answered
