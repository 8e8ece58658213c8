"""The rulebook: rules of an operator's own, and what he is told when they are wrong."""

from pathlib import Path

import pytest

from broker.errors import SettingsError
from workers.safeguards.rulebook import read_rules
from workers.safeguards.rules import Rules

OWN = """
category = "rivals"
rank = 5

[words]
rival = ["Maghreb Shop", "المتجر الآخر"]

[[rule]]
all = ["rival", "how"]
"""


def test_rules_of_ones_own_come_besides_ours(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    for path in (tmp_path, tmp_path / "own.toml"):
        rules = Rules(read_rules(path))
        assert rules.broken_by("how cheap is maghreb shop?") == "rivals"
        assert rules.broken_by("how to make a bomb") == "weapons"


def test_categories_can_be_left_out() -> None:
    rules = Rules(read_rules(skip=("weapons",)))
    assert rules.broken_by("how to make a bomb") == ""
    with pytest.raises(SettingsError, match="SKIP: no category 'weapon'; known: .*weapons"):
        read_rules(skip=("weapon",))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("category = ", "own.toml: "),
        ('category = "x"\nranc = 1', "own.toml: ranc"),
        ('category = "x"\n[[rule]]\nall = ["nothing"]', "no list of words 'nothing'"),
        ('[words]\na = ["b"]\n[[rule]]\nall = ["a"]', "its file a `category`"),
    ],
)
def test_a_mistake_names_its_file(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=told):
        read_rules(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="none.toml"):
        read_rules(tmp_path / "none.toml")
