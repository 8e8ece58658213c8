"""Which model the settings select, and who computes it."""

from pathlib import Path

import pytest

from broker.errors import SettingsError
from broker.settings import RemoteSettings, Settings, WorkerSettings
from inference.errors import BadCard, ModelNotFound
from workers.model import remote_options, selected_card

URL = "http://gpu:8000/v1"
OWN = f'[[model]]\nid = "mine"\nengine = "openai"\n[model.remote]\nendpoints = ["{URL}"]\n'


def settings(tmp_path: Path, selected: str, **remote: object) -> Settings:
    return Settings(
        state_dir=tmp_path,
        worker=WorkerSettings(model=selected),
        remote=RemoteSettings.model_validate(remote),
    )


def test_servers_in_the_settings_compute_a_model_of_the_catalog(tmp_path: Path) -> None:
    said = settings(
        tmp_path, "atlas-chat-9b", endpoints="http://gpu:8000", api_key="k", extra='{"n": 1}'
    )
    card = selected_card(said)
    assert (card.engine, card.prompt_format) == ("openai", "gemma")
    options = remote_options(card, said)
    assert options.serving.endpoints == (URL,)
    assert (options.api_key, options.extra) == ("k", {"n": 1})
    assert "'k'" not in repr(options)


def test_without_servers_nothing_changes(tmp_path: Path) -> None:
    assert selected_card(settings(tmp_path, "atlas-chat-9b")).engine == "transformers"
    with pytest.raises(ModelNotFound):
        selected_card(settings(tmp_path, "nobody-knows"))


def test_servers_may_have_a_model_that_no_catalog_knows(tmp_path: Path) -> None:
    card = selected_card(settings(tmp_path, "nobody-knows", endpoints=URL, model="org/x"))
    assert card.id == "nobody-knows"
    assert card.remote is not None
    assert card.remote.model == "org/x"


def test_a_card_of_ones_own_names_its_servers_and_settings_go_before(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(OWN)
    card = selected_card(settings(tmp_path, "mine"))
    assert card.remote is not None
    assert card.remote.endpoints == (URL,)
    other = selected_card(settings(tmp_path, "mine", endpoints="http://other/v1"))
    assert other.remote is not None
    assert other.remote.endpoints == ("http://other/v1",)


def test_an_address_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"MERSAL_REMOTE__ENDPOINTS: .*http://gpu:port"):
        selected_card(settings(tmp_path, "mine", endpoints="http://gpu:port"))
    (tmp_path / "models.toml").write_text(OWN.replace("http://", ""))
    with pytest.raises(BadCard, match="should look like http://host:8000/v1"):
        selected_card(settings(tmp_path, "mine"))


def test_a_card_without_its_servers_is_told_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(OWN.partition("[model.remote]")[0])
    with pytest.raises(BadCard, match=r'\[model.remote\] and, below it, endpoints = \["http://'):
        selected_card(settings(tmp_path, "mine"))
