"""Personal data in a text: telephone, card and account numbers, identity cards, e-mail addresses.

What has check digits is taken only when they are right; an identity card's number, which has none,
only behind words that announce it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from phonenumbers import PhoneNumberMatcher

Kind = Literal["EMAIL", "IBAN", "RIB", "CARD", "ICE", "CIN", "PHONE"]

HOME = "MA"  # where a number without a country is

# One spelling of digits and of the blanks between them, each as long as it was.
_PLAIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\u00a0\u202f", "01234567890123456789  ")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")
_LONG_NUMBER = re.compile(r"(?<![\w+])\d(?:[ .\-]?\d){12,23}(?!\w)")
_IDENTITY = re.compile(
    r"(?:\bcin\b|\bcnie\b|carte nationale|carte d'identité|identity card|national id|\bid card\b"
    r"|lakart|la carte|لاكارط|لاكارت|البطاقة الوطنية|بطاقة التعريف|بطاقة الهوية|رقم البطاقة)"
    r".{0,25}?(?<!\w)([A-Z]{1,2} ?\d{5,6})(?!\w)",
    re.IGNORECASE | re.DOTALL,
)
_FEWEST_DIGITS = 8  # of a telephone number
_LISTED = re.compile(r"^ *\d{1,3}[.)] ", re.MULTILINE)  # is no part of the number behind it


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a text from `first` up to `last`; `value` without blanks and signs."""

    first: int
    last: int
    kind: Kind
    value: str


def find(text: str) -> list[Found]:
    """All that is found, in order, none within another."""
    text = text.translate(_PLAIN)
    if "@" not in text and sum(map(str.isdigit, text)) < 5:
        return []
    found: list[Found] = []
    for one in _candidates(text):
        if all(one.last <= other.first or other.last <= one.first for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.first)


def _candidates(text: str) -> Iterator[Found]:
    """The surest first."""
    for match in _EMAIL.finditer(text):
        yield _found(match, "EMAIL")
    for match in _IBAN.finditer(text):
        if is_iban(match[0].replace(" ", "")):
            yield _found(match, "IBAN")
    for match in _LONG_NUMBER.finditer(text):
        kind = _kind_of(re.sub(r"\D", "", match[0]))
        if kind:
            yield _found(match, kind)
    for match in _IDENTITY.finditer(text):
        yield _found(match, "CIN", 1)
    if sum(map(str.isdigit, text)) >= _FEWEST_DIGITS:
        for phone in PhoneNumberMatcher(_LISTED.sub(_blank, text), HOME):
            yield Found(phone.start, phone.end, "PHONE", str(phone.number.national_number))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _found(match: re.Match[str], kind: Kind, group: int = 0) -> Found:
    value = re.sub(r"[ .\-]", "", match[group]).upper()
    return Found(match.start(group), match.end(group), kind, value)


def _kind_of(digits: str) -> Kind | None:
    if len(digits) == 24 and int(digits) % 97 == 0:
        return "RIB"
    if len(digits) == 15 and int(digits) % 97 == 0:
        return "ICE"
    if is_card(digits):
        return "CARD"
    return None


def is_card(digits: str) -> bool:
    """A payment card's number: the first digit of a card company, and Luhn's check (ISO 7812-1)."""
    if len(digits) not in (13, 15, 16, 19) or digits[0] not in "23456":
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """ISO 13616: letters count from ten, the first four characters come last, 1 modulo 97."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(one, 36)) for one in moved)) % 97 == 1
