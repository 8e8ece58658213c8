"""Files that describe models: what they may say, and what is said of their mistakes."""

from pathlib import Path

import pytest

from inference import catalog
from inference.cards import read_cards
from inference.errors import BadCard

MINE = '[[model]]\nid = "mine"\nhub = "org/mine"\n'


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "models.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_three_lines_make_a_model_of_ones_own(tmp_path: Path) -> None:
    card = catalog.find("mine", own(tmp_path, MINE))
    assert (card.id, card.source, card.prompt_format) == ("mine", "org/mine", "template")
    assert "mine" in [card.id for card in catalog.all_models(own(tmp_path, MINE))]


def test_a_folder_starts_where_the_file_is(tmp_path: Path) -> None:
    path = own(tmp_path, '[[model]]\nid = "mine"\nfolder = "checkpoints/mine"\n')
    assert catalog.find("mine", path).folder == tmp_path / "checkpoints" / "mine"


def test_a_card_can_set_every_sampling_default(tmp_path: Path) -> None:
    text = MINE + (
        "[model.sampling]\ntemperature = 0.3\ntop_p = 0.9\ntop_k = 5\nrepetition_penalty = 1.2\n"
        'max_new_tokens = 9\nmin_new_tokens = 2\nstop = ["###"]\n'
    )
    sampling = catalog.find("mine", own(tmp_path, text)).sampling
    assert (sampling.stop, sampling.repetition_penalty, sampling.top_k) == (("###",), 1.2, 5)


def test_a_model_of_ones_own_can_do_all_tasks_unless_it_says_otherwise(tmp_path: Path) -> None:
    card = catalog.find("mine", own(tmp_path, MINE))
    assert (len(card.tasks), card.translates, card.arabizi) == (4, (), "convert")
    text = MINE + 'tasks = ["explain"]\ntranslates = ["ary", "fr"]\narabizi = "keep"\n'
    card = catalog.find("mine", own(tmp_path, text))
    assert (card.tasks, card.translates, card.arabizi) == (("explain",), ("ary", "fr"), "keep")


def test_what_stands_above_the_models_holds_for_all(tmp_path: Path) -> None:
    text = (
        'languages = ["ar"]\n[sampling]\ntop_p = 0.9\n'
        + MINE
        + '[[model]]\nid = "other"\nhub = "org/other"\n[model.sampling]\ntemperature = 1.0\n'
    )
    cards = read_cards(own(tmp_path, text))
    assert [card.languages for card in cards] == [("ar",), ("ar",)]
    assert [card.sampling.temperature for card in cards] == [0.0, 1.0]
    assert [card.sampling.top_p for card in cards] == [0.9, 0.9]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[model]]\nid = "x"\nhub = "o/x"\nlanguage = []\n', "`language`; did you mean `languag"),
        ('[[model]]\nid = "x"\nhub = "o/x"\nzzz = 1\n', "unknown key `zzz`; known: id, name"),
        ('[[model]]\nhub = "o/x"\n', '`id`: field required; write id = "my-model"'),
        ('[[model]]\nid = "x"\n', r'exactly one is needed; write folder = "/path'),
        ('[[model]]\nid = "x"\nhub = "o/x"\nfolder = "y"\n', "exactly one is needed"),
        (
            '[[model]]\nid = "x"\nhub = "o/x"\nlanguages = "ar"\n',
            r'write languages = \["ar", "en"\]',
        ),
        ('[[model]]\nid = "x"\nhub = "o/x"\nprompt_format = "chatml"\n', "'gemma', 'allam'"),
        (MINE + 'tasks = ["sing"]\n', r"key `tasks.0`: .*'translate'.*; write tasks = \["),
        (MINE + 'arabizi = "no"\n', "'convert' or 'keep'; write arabizi ="),
        (
            '[[model]]\nid = "x"\nhub = "o/x"\n[model.sampling]\nwarmth = 1\n',
            "unknown key `sampling.warmth`; known: temperature",
        ),
        (MINE + "[model.sampling]\ntop_p = 2.0\n", "`sampling`: top_p makes no sense: 2.0"),
        (MINE + 'prompt_format = "jais"\n', r"persona in two languages; write \[model.system\]"),
        ('[model]\nid = "x"\n', r"write \[\[model\]\] above each model"),
        ("id = ", "Invalid value"),
        ('[[model]]\nid = "my model"\nhub = "o/x"\n', "write up to 40 letters"),
        ('[[model]]\nid = "demo"\nhub = "o/x"\n', "'demo' is the model 'demo' already"),
        ('[[model]]\nid = "x"\nhub = "core42/jais-30b-chat-v1"\n', "the model 'jais-30b-chat-v1'"),
        (MINE + MINE, "'mine' is the model 'mine' already"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_what_to_write(
    tmp_path: Path, text: str, said: str
) -> None:
    path = own(tmp_path, text)
    with pytest.raises(BadCard, match=said) as caught:
        catalog.all_models(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadCard, match="Is a directory"):
        read_cards(tmp_path)
    with pytest.raises(BadCard, match="No such file"):
        catalog.all_models(tmp_path / "nothing.toml")
    path = tmp_path / "models.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadCard, match="save it as UTF-8"):
        read_cards(path)
