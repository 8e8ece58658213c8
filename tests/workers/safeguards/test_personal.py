"""Personal data: what is found, what is not, and what is left of them in texts and in streams."""

import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.iso7064 import mod_97_10
from stdnum.ma import ice

from workers.safeguards.masking import Masking, Masks
from workers.safeguards.personal import find, is_card, is_iban


def with_check(digits: str) -> str:
    """Luhn's last digit behind them."""
    return digits + luhn.calc_check_digit(digits)


CARD = with_check("497010123456789")
RIB = next(
    one for one in (f"0115190000012050005349{n:02}" for n in range(100)) if not int(one) % 97
)
IBAN = next(f"MA{n:02}{RIB}" for n in range(100) if mod_97_10.is_valid(f"{RIB}MA{n:02}"))
ICE = "001561191000066"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("عيط ليا على 0612345678 عافاك", ["PHONE"]),
        ("nmrti ٠٦١٢٣٤٥٦٧٨", ["PHONE"]),
        ("+212 522-252525 ou +33 6 12 34 56 78", ["PHONE", "PHONE"]),
        (f"ma carte {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}", ["CARD"]),
        (f"RIB: {RIB}", ["RIB"]),
        (f"RIB: {RIB[:3]} {RIB[3:6]} {RIB[6:22]} {RIB[22:]}", ["RIB"]),
        (f"{IBAN} ou GB82 WEST 1234 5698 7654 32", ["IBAN", "IBAN"]),
        (f"ICE {ICE}", ["ICE"]),
        ("رقم البطاقة الوطنية ديالي هو AB123456", ["CIN"]),
        ("CIN : j 45678", ["CIN"]),
        ("salma.b+x@mail.example.ma, عافاك", ["EMAIL"]),
    ],
)
def test_personal_data_are_found(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in find(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "le 12/05/2026 à 15h30, 1 250,50 DH",
        "commande 4970101234567891",  # one digit off
        "AB123456 est le modèle",  # nothing announces it
        "من 2020 حتى 2026",
        "3.14159265358979",
        "v1.2.3, port 8080, 192.168.1.20",
        "150 ولا 19",
        "wach kayn 1000000 DH",
    ],
)
def test_other_numbers_are_let_be(text: str) -> None:
    assert find(text) == []


@settings(deadline=None)
@given(st.integers(0, 10**16 - 1))
def test_our_check_digits_are_those_of_the_library(number: int) -> None:
    card = f"4{number:015}"[:16]
    assert is_card(card) == luhn.is_valid(card)
    code = f"GB{number % 100:02}WEST{number:014}"[:22]
    assert is_iban(code) == (mod_97_10.is_valid(code[4:] + code[:4]))


def test_an_ice_is_one_for_the_library_too() -> None:
    assert ice.is_valid(ICE)
    assert iban.is_valid("GB82 WEST 1234 5698 7654 32")


def test_a_mask_names_the_kind_and_leaves_the_rest() -> None:
    text = f"cc salma@mail.ma / 0612345678, {CARD}."
    assert Masks().masked(text) == "cc [EMAIL] / [PHONE], [CARD]."


def test_numbers_that_the_operator_says_himself_are_not_masked() -> None:
    masks = Masks("Our shop: 05 22 25 25 25.")
    assert masks.masked("0522252525, 0612345678") == "0522252525, [PHONE]"


CARD_IN_FOURS = " ".join(CARD[at : at + 4] for at in range(0, 16, 4))
ANSWERS = (
    f"Call +212 612-345678 or mail salma@mail.ma, card {CARD}.\n"
    f"لاكارط ديالي AB123456 والحساب {IBAN} صافي. 250 DH, 12/05/2026",
    f"Call 06 12 34 56 78, pay with {CARD_IN_FOURS}, or **06 12 34 56 79** (+212) 612-345678.",
    "عيط ليا على 06 12 34 56 78، ولا على ٠٦ ١٢ ٣٤ ٥٦ ٧٨؛ صافي.",
    "06\u00a012\u00a034\u00a056\u00a078 ou 06 12/34 56 79, 06–12–34–56–77! [06] 12 34 56 75?",
    f"CIN est AB 123456, carte {CARD_IN_FOURS.replace(' ', chr(0x202F))};",
    "GB82 WEST 1234 5698 7654 32, wakha.",
    "1) 06 12 34 56 78\n2) 06 12 34 56 79\n3) 12, 13, 14.",
)


def in_a_stream(pieces: list[str]) -> str:
    guard = Masking(Masks(), keeps_original=True)
    return "".join(map(guard.feed, pieces)) + guard.end()


@settings(deadline=None)
@given(st.sampled_from(ANSWERS), st.lists(st.integers(0, 300), max_size=80))
def test_an_answer_is_masked_alike_however_it_is_cut(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *(cut % len(text) for cut in cuts)})
    pieces = [text[a:b] for a, b in zip(places, places[1:], strict=False)]
    assert in_a_stream(pieces) == Masks().masked(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_masked_alike_by_characters_and_as_tokens_come(text: str) -> None:
    """Tokens: a blank goes with the word behind it, signs stand alone."""
    whole = Masks().masked(text)
    assert not re.search(r"\d[\d /–-]{6}", whole.replace("12/05/2026", ""))
    assert in_a_stream(list(text)) == whole
    assert in_a_stream(re.findall(r"\s?\w+|\s?\W", text)) == whole


PARTS = (
    "0612345678", "06 12 34 56 78", "+212 612-345678", "(+212) 612345678", CARD_IN_FOURS,
    "GB82 WEST 1234 5698 7654 32", "CIN AB 123456", "٠٦١٢٣٤٥٦٧٨", "12/05/2026", "2)", "3",
    "tel", "AB", "(", ")", "[", "**", "-", "/", "،", ".", "\n",
)  # fmt: skip


@settings(deadline=None)
@example(["(", "0612345678", "."])
@given(st.lists(st.sampled_from(PARTS), max_size=7))
def test_a_stream_shows_no_digit_that_the_whole_does_not(parts: list[str]) -> None:
    text = " ".join(parts)
    whole = Masks().masked(text)
    for pieces in (list(text), re.findall(r"\s?\w+|\s?\W", text)):
        assert sum(map(str.isdigit, in_a_stream(pieces))) <= sum(map(str.isdigit, whole))


def test_plain_words_do_not_wait() -> None:
    guard = Masking(Masks(), keeps_original=True)
    assert guard.feed("salam, kif ") == "salam, kif "
    assert guard.feed("dayr") == ""
    assert guard.feed(" a khoya ") == "dayr a khoya "


def test_what_is_kept_is_the_setting_s_choice() -> None:
    assert Masking(Masks(), keeps_original=True).kept("0612345678") == "0612345678"
    assert Masking(Masks(), keeps_original=False).kept("0612345678") == "[PHONE]"


def test_random_digits_are_seldom_taken_for_cards() -> None:
    chance = random.Random(7)
    numbers = [str(chance.randrange(10**15, 10**16)) for _ in range(2000)]
    taken = sum(bool(find(f"order {number} please")) for number in numbers)
    assert taken < 200  # Luhn's digit is right for one in ten, and not all begin as cards do
