"""A person who writes only Arabizi holds a whole conversation in it, with a real worker process."""

import re

from broker.settings import Settings, WorkerSettings
from broker.text.arabizi_latin import to_latin
from tests.channels.bot import Bots
from tests.channels.darija_worker import KNOWN, darija_worker
from tests.patience import until
from tests.telegram.platform import Platform

AMINA, YOUSSEF = 77, 78
ARABIC = re.compile("[\u0600-\u06ff]")
SAID = {
    "salam, chno smitek?": "سميتك",
    "kifach nwejed chi tajine?": "طاجين",
    "w b ch7al lkilo d l7em?": "شحال",
    "ok choukran bzaf": "شكرا",
}


async def test_whoever_writes_arabizi_reads_nothing_else(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    async def ask(what: str) -> str:
        before = len(telegram.said(AMINA))
        telegram.say(AMINA, what)
        await until(lambda: len(telegram.said(AMINA)) > before, 60)
        return telegram.said(AMINA)[-1]

    settings = chat_settings.model_copy(update={"worker": WorkerSettings(model="darija")})
    with darija_worker(settings):
        async with bots(settings):
            for question, word in SAID.items():
                assert await ask(question) == to_latin(KNOWN[word])
            assert "/translate" in await ask("/help")
            assert "darija" in await ask("/settings")
            assert "nterjem" in await ask("/translate hadchi zwin bzaf")
            assert "commande" in await ask("/explain")
            assert await ask("/explain chno l far9 bin tajine w l kesksou?") == to_latin(
                KNOWN["طاجين"]
            )
            await ask("/new")
            telegram.say(YOUSSEF, "سلام، شنو سميتك؟")
            await until(lambda: telegram.said(YOUSSEF) == [KNOWN["سميتك"]])
    assert len(telegram.said(AMINA)) == len(SAID) + 6
    assert not any(ARABIC.search(text) for text in telegram.said(AMINA))
    drafts = [
        given["text"]
        for method, given in telegram.calls
        if method == "sendMessageDraft" and given["chat_id"] == AMINA
    ]
    assert drafts and not any(ARABIC.search(text) for text in drafts), "nor while it is written"
