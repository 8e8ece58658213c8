"""What is said once a minute."""

import pytest

from bots import seldom
from bots.seldom import Seldom


async def test_the_same_is_said_once_a_minute_and_again_when_it_could_not_be_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seldom, "KEPT", 3)
    now, said = [100.0], list[str]()
    words = Seldom(lambda: now[0])

    async def say(what: str, fails: bool = False) -> None:
        async def call() -> None:
            if fails:
                raise ConnectionError
            said.append(what)

        await words.say(what, call)

    for what in ("a", "a", "b"):
        await say(what)
    now[0] += 59
    await say("a")
    with pytest.raises(ConnectionError):
        await say("c", fails=True)
    await say("c")
    assert said == ["a", "b", "c"]
    now[0] += 1
    for what in ("a", "b", "c", "d"):  # there is room for three, and for all that are fresh
        await say(what)
    await say("a")
    assert said == ["a", "b", "c", "a", "b", "d"]
