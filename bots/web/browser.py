"""Whose tab it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Browser:
    """The session, the network that it comes from, the language of its page; `follows`: that was
    not chosen, so it becomes the user's."""

    session: str
    network: str
    language: str
    follows: bool = False
