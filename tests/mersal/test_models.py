"""`mersal models` and `mersal prompt`, run as people run them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from broker.settings import Settings, WorkerSettings
from inference.catalog import all_models, find
from inference.machine import Memory
from mersal import models_page
from mersal.doctor.model import check_model
from mersal.models_cli import known_by_id
from tests.mersal.command import mersal

PAGE = Path(__file__).parents[2] / "docs" / "models.md"
GIGABYTE = 10**9
OWN = '[[model]]\nid = "mine"\nhub = "org/mine"\n'


def test_the_table_says_what_fits() -> None:
    table = models_page.models_table(all_models(), Memory(12 * GIGABYTE))
    (line,) = [line for line in table.splitlines() if line.startswith("atlas-chat-9b")]
    assert line.split()[:12] == ("atlas-chat-9b 9.2B 8192 22.8 GB - 14.5 GB - 10.4 GB +".split())
    assert "12.0 GB (no GPU)" in table
    assert "(the roomiest of 2 GPUs)" in models_page.models_table(all_models(), Memory(GIGABYTE, 2))


def test_a_model_is_shown_in_full() -> None:
    card = models_page.model_page(find("atlas-chat-2b"), Memory(5 * GIGABYTE))
    for fact in (
        "MBZUAI-Paris/Atlas-Chat-2B",
        "Gemma Terms of Use",
        "106496 bytes",
        "4 bit         weights 2.2 GB, with a full conversation 4.6 GB: fits here",
        "16 bit        weights 5.2 GB, with a full conversation 7.6 GB: does not fit here",
        "temperature 0.0, max_new_tokens 256",
        "users are bound to the prohibited-use policy",
        "unlicensed professional advice",
        "no system role",
        "tasks         translate (among ary, ar, en, fr), summarize, explain, sentiment",
        "arabizi       put into Arabic letters",
    ):
        assert fact in card


def test_a_model_without_tasks_says_so() -> None:
    card = models_page.model_page(find("demo"), Memory(GIGABYTE))
    assert "tasks      none" in card
    assert "arabizi    read as it is written" in card


def test_json_has_every_figure() -> None:
    (card,) = json.loads(models_page.models_json([find("demo")], Memory(GIGABYTE)))
    assert card["sampling"]["max_new_tokens"] == 160
    assert card["memory"]["none"]["fits"] is True
    assert card["memory"]["none"]["weights_bytes"] > 10**6


def test_the_docs_have_the_table() -> None:
    assert models_page.models_markdown(all_models()) in PAGE.read_text(encoding="utf-8")


def test_models_are_listed_shown_and_refused(state_dir: Path) -> None:
    state_dir.mkdir()
    (state_dir / "models.toml").write_text(OWN)
    listed = mersal("models", state_dir=state_dir).stdout
    assert "jais-30b-chat-v1" in listed and "\nmine " in listed
    assert "org/mine" in mersal("models", "MINE", state_dir=state_dir).stdout
    assert mersal("models", "nonsense", state_dir=state_dir).returncode == 2


def test_a_mistake_in_ones_own_models_is_named(state_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OWN.replace("hub", "hup"))
    refused = mersal("models", state_dir=state_dir, MODELS_FILE=str(path))
    assert refused.returncode == 2
    assert "unknown key `hup`; did you mean `hub`?" in refused.stderr
    refused = mersal("models", state_dir=state_dir, MODELS_FILE=str(tmp_path / "nothing"))
    assert "No such file" in refused.stderr


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("MBZUAI-Paris/Atlas-Chat-9B", "atlas-chat-9b"),
        ("Mine", "mine"),
        ("org/mine", "mine"),
        ("somebody/elses", "somebody/elses"),
    ],
)
def test_a_worker_and_its_bots_call_a_model_by_its_id(
    name: str, known: str, tmp_path: Path
) -> None:
    (tmp_path / "models.toml").write_text(OWN)
    settings = Settings(state_dir=tmp_path, worker=WorkerSettings(model=name))
    assert known_by_id(settings).worker.model == known


def test_the_doctor_knows_models_of_ones_own_and_their_mistakes(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, worker=WorkerSettings(model="mine"))
    (tmp_path / "models.toml").write_text(OWN)
    found = next(iter(check_model(settings, None, load=False)))
    assert found.health == "warn" and "org/mine" in found.found
    (tmp_path / "models.toml").write_text(OWN.replace("hub", "hup"))
    found = next(iter(check_model(known_by_id(settings), None, load=False)))
    assert found.health == "fail" and "did you mean `hub`?" in found.found


def prompt(state_dir: Path, *options: str, said: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "mersal", "prompt", *options],
        input=said.encode(),
        capture_output=True,
        check=False,
        env={"MERSAL_STATE_DIR": str(state_dir), "PATH": "/usr/bin:/bin"},
    )


def test_a_prompt_is_printed_to_the_character(state_dir: Path) -> None:
    said = '[{"role": "user", "content": "سلام"}]'
    printed = prompt(state_dir, "--model", "ALLaM-2-7b-instruct", said=said)
    assert printed.stdout.decode() == "<s> [INST] سلام [/INST]"
    assert printed.returncode == 0 and not printed.stderr


def test_a_prompt_of_an_impossible_conversation_says_why(state_dir: Path) -> None:
    said = '[{"role": "assistant", "content": "سلام"}]'
    refused = prompt(state_dir, said=said)
    assert refused.returncode == 2 and not refused.stdout
    assert b"message 1 is the assistant's, but nothing was asked" in refused.stderr


@pytest.mark.parametrize(
    "command", [["models"], ["models", "jais-30b"], ["prompt", "-m", "jais-30b"]]
)
def test_neither_needs_torch(command: list[str], state_dir: Path) -> None:
    probe = (
        "import sys\nfrom mersal.cli import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe, *command],
        input='[{"role": "user", "content": "سلام"}]',
        capture_output=True,
        text=True,
        check=True,
        env={"MERSAL_STATE_DIR": str(state_dir), "PATH": "/usr/bin:/bin"},
    )
    assert ran.stdout.splitlines()[-1].endswith("[]")
