"""Rich messages, where they are wanted and the server knows them; plain ones everywhere else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bots.telegram.rich import render_rich
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram import rules
from tests.telegram.platform import Platform
from tests.telegram.test_journey import changed
from tests.telegram.test_rendering import MARKDOWN
from tests.workers.worker_in_thread import working

AMINA, GROUP = 77, -1001
TABLE = "**سلام**\n\n| الثمن | السلعة |\n|---|---|\n| 25 | أتاي |"
LONG = "\n\n".join(f"فقرة رقم {number} من جواب طويل بزاف" for number in range(30))


def rich(telegram: Platform) -> list[dict[str, Any]]:
    return [p for method, p in telegram.calls if method == "sendRichMessage"]


async def test_an_answer_is_a_rich_message_with_buttons_and_rich_drafts(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=1.5), chat_settings):
        async with bots(changed(chat_settings, rich=True)):
            telegram.say(AMINA, TABLE)
            await until(lambda: telegram.said(AMINA))
    (answer,) = rich(telegram)
    assert "<table>" in answer["rich_message"]["html"] and answer["rich_message"]["is_rtl"]
    assert "🔄" in str(answer["reply_markup"])
    drafts = [p for method, p in telegram.calls if method == "sendRichMessageDraft"]
    assert drafts and drafts[0]["can_stop"]
    assert "sendMessageDraft" not in [method for method, _ in telegram.calls]
    assert not telegram.refused


async def test_a_long_one_is_split_and_grows_in_a_group_from_its_placeholder(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=1.5), chat_settings):
        async with bots(changed(chat_settings, rich=True, rich_bytes=600)):
            telegram.say(GROUP, f"@mersal_bot {LONG}", user_id=5)
            await until(lambda: telegram.sent and telegram.sent[-1].parameters.get("reply_markup"))
    assert len(telegram.sent) > 2
    assert telegram.sent[0].texts[0] == "…"
    html = "".join(telegram.said(GROUP))
    assert all(f"فقرة رقم {number} من" in html for number in range(30))
    assert [bool(sent.parameters.get("reply_markup")) for sent in telegram.sent[:-1]] == [False] * (
        len(telegram.sent) - 1
    )
    assert not telegram.refused


async def test_a_server_that_is_older_gets_plain_messages(
    telegram: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    for method in ("sendRichMessage", "sendRichMessageDraft"):
        monkeypatch.delitem(rules.METHODS, method)
    with working(EchoEngine(delay_s=1.0), chat_settings):
        async with bots(changed(chat_settings, rich=True)):
            for number in (1, 2):
                telegram.say(AMINA, f"**سلام** {number}")
                await until(lambda n=number: len(telegram.said(AMINA)) == n)  # type: ignore[misc]
    assert telegram.said(AMINA) == ["سلام 1", "سلام 2"]
    assert "sendMessageDraft" in [method for method, _ in telegram.calls]


async def test_a_rich_message_that_is_refused_goes_as_plain_ones_from_there_on(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    take = telegram._sendRichMessage

    def picky(parameters: dict[str, Any]) -> dict[str, Any]:
        if "رقم 20 " in parameters["rich_message"]["html"]:
            raise rules.Bad("Bad Request: can't parse rich message")
        return take(parameters)

    telegram._sendRichMessage = picky  # type: ignore[method-assign]
    async with bots(changed(chat_settings, rich=True, rich_bytes=1000, streaming=False)):
        telegram.say(AMINA, LONG)
        await until(lambda: telegram.sent and telegram.sent[-1].parameters.get("reply_markup"))
        telegram.say(AMINA, "فقرة رقم 20 بوحدها")
        await until(lambda: telegram.said(AMINA)[-1] == "فقرة رقم 20 بوحدها")
    said = "\n".join(telegram.said(AMINA))
    assert [said.count(f"فقرة رقم {number} من") for number in range(30)] == [1] * 30
    kinds = ["rich_message" in sent.parameters for sent in telegram.sent]
    assert kinds.count(False) == 2 and kinds[0]


@examples(max_examples=150, deadline=None)
@given(MARKDOWN, st.sampled_from([256, 1000, 32768]))
def test_whatever_a_model_writes_is_accepted_and_fetches_and_mentions_nothing(
    markdown: str, limit: int
) -> None:
    shown = ""
    for part in render_rich(markdown, limit):
        rules.check_rich(part.payload())
        shown += part.plain()
    for word in ("سلام", "المغرب"):
        languages = markdown.count(f"```{word}") + markdown.count(f"~~~{word}")
        assert shown.count(word) >= markdown.count(word) - languages


def test_tags_images_and_links_of_a_model_are_text_or_harmless() -> None:
    (part,) = render_rich("<b>x</b> ![p](https://a.ma/p.png) [q](tg://user?id=5) a||b||c", 32768)
    assert "&lt;b&gt;x" in part.html and "<img" not in part.html
    assert '<a href="https://a.ma/p.png">p</a> q a||b||c' in part.html
