"""Checkpoints from a hub: what is fetched, what is refused, and what its user is told."""

import hashlib
import io
import json
import logging
import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import load_file, save_file

from inference import download, progress
from inference.cards import ModelCard
from inference.errors import ModelLoadFailed
from inference.loading import load_checkpoint
from inference.options import LoadOptions

from .conftest import CPU, card_of
from .hub import STRANGER, TOKEN, Hub, Repository, point_at

FILES = {"config.json", "generation_config.json", "model.safetensors"}
TOKENIZER = {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with Hub().serving() as hub:
        point_at(hub, tmp_path, monkeypatch)
        yield hub


@pytest.fixture
def published(hub: Hub, llama_folder: Path, tmp_path: Path) -> Repository:
    folder = Path(shutil.copytree(llama_folder, tmp_path / "published"))
    hub.repositories["org/model"] = Repository(folder)
    return hub.repositories["org/model"]


@pytest.fixture
def card(published: Repository) -> ModelCard:
    return replace(card_of(Path("x"), "template"), id="tiny", folder=None, hub="org/model")


def why_not(card: ModelCard, options: LoadOptions = CPU) -> str:
    with pytest.raises(ModelLoadFailed) as caught:
        load_checkpoint(card, options)
    return str(caught.value)


def test_a_checkpoint_is_fetched_once_and_loaded(
    hub: Hub, card: ModelCard, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        checkpoint = load_checkpoint(card, CPU)
    assert set(hub.fetched()) == FILES | TOKENIZER
    assert checkpoint.card.folder is not None and checkpoint.context_tokens == 256
    assert "org/model at commit" in caplog.text and "fetched in" in caplog.text
    hub.asked.clear()
    load_checkpoint(card, CPU)
    assert hub.fetched() == []


def test_weights_are_fetched_in_one_form_and_nothing_else_is(
    hub: Hub, published: Repository, card: ModelCard
) -> None:
    for name in ("pytorch_model.bin", "README.md", "training_args.bin", "modeling_evil.py"):
        (published.folder / name).write_bytes(b"x")
    load_checkpoint(card, CPU)
    assert set(hub.fetched()) == FILES | TOKENIZER


def test_weights_in_the_older_form_are_taken_where_there_is_no_other(
    hub: Hub, published: Repository, card: ModelCard
) -> None:
    weights = load_file(published.folder / "model.safetensors")
    torch.save(weights, published.folder / "pytorch_model.bin")
    (published.folder / "model.safetensors").unlink()
    model = load_checkpoint(card, CPU).model
    assert "pytorch_model.bin" in hub.fetched()
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, weights[name])


def test_a_pinned_commit_that_is_complete_needs_no_hub(
    hub: Hub, published: Repository, card: ModelCard
) -> None:
    pinned = replace(card, revision=published.commit)
    load_checkpoint(pinned, CPU)
    hub.asked.clear()
    load_checkpoint(pinned, CPU)
    assert hub.asked == []


def test_a_revision_of_the_command_line_wins(
    hub: Hub, published: Repository, card: ModelCard
) -> None:
    published.revisions = ("main", "v2")
    load_checkpoint(replace(card, revision="main"), replace(CPU, revision="v2"))
    assert ("GET", "/api/models/org/model/revision/v2") in hub.asked


def test_a_wrong_revision_is_named(hub: Hub, card: ModelCard) -> None:
    told = why_not(card, replace(CPU, revision="v9"))
    assert f"no revision 'v9': {hub.url}/org/model/commits/main lists" in told


def test_while_the_hub_is_away_what_was_fetched_serves(
    hub: Hub, card: ModelCard, caplog: pytest.LogCaptureFixture
) -> None:
    load_checkpoint(card, CPU)
    hub.status = 503
    load_checkpoint(card, CPU)
    assert "not asked for anew" in caplog.text


@pytest.mark.parametrize("lost", ["model-00002-of-00002.safetensors", "config.json"])
def test_what_was_fetched_in_part_does_not_serve_while_the_hub_is_away(
    hub: Hub,
    published: Repository,
    card: ModelCard,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lost: str,
) -> None:
    whole = published.folder / "model.safetensors"
    halves: tuple[dict[str, torch.Tensor], ...] = ({}, {})
    weight_map = {}
    for at, (name, tensor) in enumerate(load_file(whole).items()):
        halves[at % 2][name] = tensor
        weight_map[name] = f"model-0000{at % 2 + 1}-of-00002.safetensors"
    for at, half in enumerate(halves, 1):
        file = published.folder / f"model-0000{at}-of-00002.safetensors"
        save_file(half, file, metadata={"format": "pt"})
    index = {"metadata": {}, "weight_map": weight_map}
    (published.folder / "model.safetensors.index.json").write_text(json.dumps(index))
    whole.unlink()
    folder = download.fetch(card).relative_to(tmp_path / "cache")
    # As an older client left it, which made no note of what there should be.
    older = shutil.copytree(tmp_path / "cache", tmp_path / "older", symlinks=True)
    shutil.rmtree(older / folder.parents[1] / "trees")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(older))
    hub.status = 503
    load_checkpoint(card, CPU)
    (older / folder / lost).unlink()
    assert "the hub answered 503 for org/model: try again later" in why_not(card)


def test_a_hub_that_is_not_there_is_told_with_its_address(
    card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert "the hub was not reached for org/model (http://127.0.0.1:9)" in why_not(card)


def test_a_hub_in_trouble_is_to_be_tried_again(hub: Hub, card: ModelCard) -> None:
    hub.status = 500
    assert "the hub answered 500 for org/model: try again later" in why_not(card)


def test_a_gated_model_without_a_token(hub: Hub, published: Repository, card: ModelCard) -> None:
    published.access = "gated"
    told = why_not(card)
    assert f"ask at {hub.url}/org/model; then run `hf auth login`, or set HF_TOKEN" in told


def test_a_gated_model_with_a_token_that_has_no_access(
    published: Repository, card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.access = "gated"
    monkeypatch.setenv("HF_TOKEN", STRANGER)
    assert "your account has no access to org/model" in why_not(card)


def test_a_gated_model_with_access(
    published: Repository, card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.access = "gated"
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert load_checkpoint(card, CPU).context_tokens == 256


def test_a_token_that_is_none(card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    assert "the hub refused your token for org/model (401)" in why_not(card)


def test_a_model_that_is_private_or_not_there(published: Repository, card: ModelCard) -> None:
    published.access = "private"
    for absent in (card, replace(card, hub="org/other")):
        assert "is not on the hub, or is private" in why_not(absent)


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    hub: Hub, published: Repository, card: ModelCard
) -> None:
    published.claims["model.safetensors"] = 10**16
    told = why_not(card)
    assert "10000000.0 GB are to be fetched into" in told and "set HF_HOME to a folder" in told
    assert hub.fetched() == []


def test_a_disk_that_fills_up_on_the_way_is_told(
    card: ModelCard,
    published: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The hub's client writes to a file with a name drawn by chance: here, one that is full."""
    name = uuid.uuid4()
    monkeypatch.setattr(uuid, "uuid4", lambda: name)
    blobs = tmp_path / "cache" / "models--org--model" / "blobs"
    blobs.mkdir(parents=True)
    content = hashlib.sha256((published.folder / "model.safetensors").read_bytes()).hexdigest()
    (blobs / f"{content}.{name.hex[:8]}.incomplete").symlink_to("/dev/full")
    told = why_not(card)
    assert f"no room was left in {tmp_path / 'cache'} while" in told
    assert "set HF_HOME to a folder on a larger disk" in told


def test_too_little_memory_is_told_before_anything_is_asked(
    hub: Hub, card: ModelCard, too_large: ModelCard
) -> None:
    told = why_not(replace(too_large, hub=card.hub))
    assert "of memory are free" in told and "take a smaller model" in told
    assert hub.asked == []


@pytest.fixture
def too_large(card: ModelCard, llama_folder: Path) -> ModelCard:
    from inference.shape import read_shape

    shape = read_shape(llama_folder)
    assert shape is not None
    return replace(card, shape=replace(shape, parameters=10**15), context_tokens=256)


def test_weights_that_are_damaged_on_the_way_say_what_to_delete(
    published: Repository, card: ModelCard, tmp_path: Path
) -> None:
    weights = published.folder / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(b"\xff" * 8 + whole[8:])
    told = why_not(card)
    folder = tmp_path / "cache" / "models--org--model"
    assert "are damaged" in told and f"delete {folder} and start again" in told
    shutil.rmtree(folder)
    weights.write_bytes(whole)
    load_checkpoint(card, CPU)


def test_a_download_that_breaks_off_is_told_and_goes_on_next_time(
    hub: Hub, published: Repository, card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # between the client's own attempts
    published.cut = 20_000
    assert "the hub was not reached for org/model" in why_not(card)
    published.cut = None
    hub.asked.clear()
    load_checkpoint(card, CPU)
    assert hub.fetched() == ["model.safetensors"]  # the rest is here already


def test_a_log_tells_how_far_a_download_is(
    published: Repository,
    card: ModelCard,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.1)
    published.bytes_per_s = 400_000
    with caplog.at_level(logging.INFO):
        download.fetch(card)
    lines = [line.getMessage() for line in caplog.records if "left" in line.getMessage()]
    assert len(lines) >= 2, caplog.text
    assert lines[0].startswith("org/model: ") and "B/s, " in lines[-1]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_bar() -> None:
    screen, done = Terminal(), iter([0, 30_000_000, 60_000_000])
    with progress.showing_progress("org/model", 60_000_000, lambda: next(done, 60_000_000), screen):
        time.sleep(3 * progress.BAR_EVERY_S)
    assert "org/model" in screen.getvalue() and "60.0/60.0 MB" in screen.getvalue()
