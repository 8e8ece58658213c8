"""The catalog: cards of TOML, folders of one's own, and no torch."""

import subprocess
import sys
from pathlib import Path

import pytest

from inference import catalog
from inference.errors import ModelNotFound


def test_the_catalog_lists_the_demo_and_the_echo() -> None:
    assert [card.id for card in catalog.all_models()] == ["demo", "echo"]


def test_a_card_says_where_its_checkpoint_is_and_how_to_talk_to_it() -> None:
    demo = catalog.find("demo")
    assert demo.folder is not None and demo.folder.parts[-2:] == ("demo", "model")
    assert (demo.prompt_format, demo.licence, demo.sampling.temperature) == (
        "gemma",
        "Apache-2.0",
        0.0,
    )


def test_an_unknown_model_is_refused_with_the_list_of_known_ones() -> None:
    with pytest.raises(ModelNotFound, match="'gpt-9'; known: demo, echo"):
        catalog.find("gpt-9")


def test_a_folder_with_a_checkpoint_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    card = catalog.find(str(tmp_path))
    assert (card.id, card.folder, card.prompt_format) == (str(tmp_path), tmp_path, "template")


def test_a_folder_without_a_checkpoint_is_named_as_the_trouble(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"has no config\.json"):
        catalog.find(str(tmp_path))


def test_a_misspelt_key_of_a_card_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('id = "x"\nname = "X"\ndescription = "x"\nlicence = "x"\nlanguage = []\n')
    with pytest.raises(ValueError, match="unknown keys language"):
        catalog.read_card(path)


def test_a_card_can_set_every_sampling_default(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(
        'id = "x"\nname = "X"\ndescription = "x"\nlicence = "x"\nhub = "org/x"\n'
        "[sampling]\ntemperature = 0.3\ntop_p = 0.9\ntop_k = 5\nrepetition_penalty = 1.2\n"
        'max_new_tokens = 9\nstop = ["###"]\n'
    )
    card = catalog.read_card(path)
    assert card.source == "org/x"
    assert (card.sampling.stop, card.sampling.repetition_penalty) == (("###",), 1.2)


@pytest.mark.parametrize("module", ["inference.catalog", "inference.open", "inference.echo"])
def test_looking_at_models_does_not_import_torch(module: str) -> None:
    probe = (
        f"import sys, {module}; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
