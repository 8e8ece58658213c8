"""A command typed as a message. Pure.

Slack keeps slash commands out of threads; there "!new" does the same.
"""

import re
from dataclasses import dataclass

from bots.commands import NAMES

_TYPED = re.compile(r"[!/](\w+)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Typed:
    """Its name and the rest."""

    name: str
    argument: str


def typed(text: str) -> Typed | None:
    """The command that a message is; None when it is none of ours."""
    match = _TYPED.fullmatch(text)
    if match is None or match[1].lower() not in NAMES:
        return None
    return Typed(match[1].lower(), match[2] or "")
