"""What is no prose; and that no text can be made to take long by what looks for it."""

import re
from importlib import import_module

import pytest

from broker.text import runs, verbatim
from broker.text.direction import direction
from broker.text.script import prose

# How many characters a match may have where one is tried at each character of a text.
LONGEST = 4000


@pytest.mark.parametrize(
    "pattern", [verbatim.EMAIL, runs._RUN.pattern, runs._NUMBER_AFTER_ARABIC.pattern]
)
def test_what_is_tried_at_each_character_is_bounded(pattern: str) -> None:
    assert import_module("re._parser").parse(pattern).getwidth()[1] < LONGEST


def test_an_address_begins_once_in_a_word() -> None:
    """A word without an address is read from its first letter alone, not from each."""
    assert not re.search(verbatim.EMAIL, "m" * 65 + "@example.com")
    assert re.findall(verbatim.EMAIL, "ana@x.ma, nti.2@mail.example.com") == [
        "ana@x.ma",
        "nti.2@mail.example.com",
    ]


@pytest.mark.parametrize(
    "aside",
    ["`code`", "```\ncode\n", "https://a.ma/x", "www.a.ma", "mailto:a@b.ma", "ana@x.ma", "@ana"],
)
def test_code_links_and_addresses_are_no_prose(aside: str) -> None:
    assert prose(f"wach {aside}").strip() == "wach"


@pytest.mark.parametrize("aside", ["`code`", "www.example.com", "mailto:a@b.ma", "ana@example.com"])
def test_they_have_no_direction(aside: str) -> None:
    assert direction(aside) == ""
