"""What a check found."""

from dataclasses import dataclass
from typing import Literal

Health = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `advice` says what to do; empty when all is well."""

    health: Health
    about: str
    found: str
    advice: str = ""


def ok(about: str, found: str) -> Finding:
    return Finding("ok", about, found)


def warn(about: str, found: str, advice: str) -> Finding:
    return Finding("warn", about, found, advice)


def fail(about: str, found: str, advice: str) -> Finding:
    return Finding("fail", about, found, advice)
