"""The catalog: cards of TOML, folders of one's own, and no torch."""

import subprocess
import sys
from pathlib import Path

import pytest

from inference import catalog
from inference.errors import ModelNotFound

SEVEN = [
    "acegpt-13b-chat",
    "acegpt-7b-chat",
    "allam-2-7b-instruct",
    "atlas-chat-27b",
    "atlas-chat-2b",
    "atlas-chat-9b",
    "jais-30b-chat-v1",
]


def test_the_catalog_has_the_seven_models_the_demo_and_the_echo() -> None:
    ids = [card.id for card in catalog.all_models()]
    assert ids == sorted([*SEVEN, "demo", "echo"])


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("Atlas-Chat-9B", "atlas-chat-9b"),
        ("MBZUAI-Paris/Atlas-Chat-27B", "atlas-chat-27b"),
        ("ALLaM-2-7b-instruct", "allam-2-7b-instruct"),
        ("allam-7b", "allam-2-7b-instruct"),
        ("ALLaM-AI/ALLaM-7B-Instruct-preview", "allam-2-7b-instruct"),
        ("humain-ai/ALLaM-7B-Instruct-preview", "allam-2-7b-instruct"),
        ("core42/jais-30b-chat-v1", "jais-30b-chat-v1"),
        ("inceptionai/jais-30b-chat-v1", "jais-30b-chat-v1"),
        ("inception42/jais-30b-chat-v1", "jais-30b-chat-v1"),
        ("AceGPT-7B-chat", "acegpt-7b-chat"),
        ("freedomintelligence/acegpt-13b-chat", "acegpt-13b-chat"),
    ],
)
def test_every_name_of_a_model_finds_its_card(name: str, model: str) -> None:
    assert catalog.find(name).id == model


@pytest.mark.parametrize("model", SEVEN)
def test_a_card_tells_all_that_its_user_must_know(model: str) -> None:
    card = catalog.find(model)
    assert card.hub and card.licence and card.licence_duties and card.languages
    assert card.intended and card.prohibited and card.quirks
    assert card.end_tokens and card.architecture and card.dtype
    assert card.context_tokens and card.shape is not None
    assert card.sampling.max_new_tokens < card.context_tokens


def test_cards_of_a_family_share_what_is_the_same() -> None:
    small, large = catalog.find("atlas-chat-2b"), catalog.find("atlas-chat-27b")
    assert small.licence_duties == large.licence_duties
    assert small.shape is not None and large.shape is not None
    assert (small.shape.head_dim, large.shape.head_dim) == (256, 128)
    assert small.shape.vocabulary == large.shape.vocabulary == 256_000


def test_no_name_means_two_models() -> None:
    names = [name.casefold() for card in catalog.all_models() for name in card.names]
    assert len(names) == len(set(names))


def test_a_card_says_where_its_checkpoint_is_and_how_to_talk_to_it() -> None:
    demo = catalog.find("demo")
    assert demo.folder is not None and demo.folder.parts[-2:] == ("demo", "model")
    assert (demo.prompt_format, demo.licence, demo.sampling.temperature) == (
        "gemma",
        "Apache-2.0",
        0.0,
    )


def test_an_unknown_model_is_refused_with_the_list_of_known_ones() -> None:
    with pytest.raises(ModelNotFound, match="'gpt-9'; known: acegpt-13b-chat, "):
        catalog.find("gpt-9")


def test_a_folder_with_a_checkpoint_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    card = catalog.find(str(tmp_path))
    assert (card.id, card.folder, card.prompt_format) == (str(tmp_path), tmp_path, "template")


def test_a_folder_without_a_checkpoint_is_named_as_the_trouble(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"has no config\.json"):
        catalog.find(str(tmp_path))


def test_an_almost_known_name_is_guessed() -> None:
    with pytest.raises(ModelNotFound, match="did you mean atlas-chat-9b"):
        catalog.find("atlas-chat-9")


@pytest.mark.parametrize("module", ["inference.catalog", "inference.open", "inference.echo"])
def test_looking_at_models_does_not_import_torch(module: str) -> None:
    probe = (
        f"import sys, {module}; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
