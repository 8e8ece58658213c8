"""How many of the labelled messages the rules get wrong: they must not get worse unseen."""

from pathlib import Path

import pytest

from mersal.bench.safeguards import Case, errors, read_cases
from workers.safeguards.rulebook import read_rules
from workers.safeguards.rules import Rules

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(rule for rule in read_rules() if rule.messages)


@pytest.mark.parametrize(
    ("file", "missed", "false_alarms"),
    [("cases.tsv", 3, 1), ("cases_fresh.tsv", 9, 1), ("cases_last.tsv", 22, 1)],
)
def test_the_rules_get_few_of_the_labelled_messages_wrong(
    rules: Rules, file: str, missed: int, false_alarms: int
) -> None:
    wrong = errors(read_cases(HERE / file), rules)
    harmless = [one for one in wrong if one.harmless]
    assert len(harmless) <= false_alarms, [one.text for one in harmless]
    assert len(wrong) - len(harmless) <= missed, [one.text for one in wrong]


def test_an_error_is_counted(rules: Rules) -> None:
    pretended = [
        Case("none", "en", "how to make a bomb at home"),
        Case("drugs", "en", "how to make tea at home"),
        Case("weapons", "en", "how to make a bomb at home"),
    ]
    assert errors(pretended, rules) == pretended[:2]
