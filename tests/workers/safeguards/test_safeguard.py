"""Safeguards as settings have them, in a worker that answers."""

import sys
from dataclasses import replace

import pytest

from bots.language import LANGUAGES
from bots.words import about_outcome, about_reply
from broker.errors import SettingsError
from broker.messages import Reply
from broker.sections import SafeguardSettings
from broker.settings import Settings
from tests.workers.desk import ADDRESS, Attentive, Desk
from tests.workers.worker_in_thread import working
from workers.safeguards.rulebook import read_rules
from workers.safeguards.safeguard import guards_of
from workers.transcript import Wish

OWN = "tests.workers.safeguards.own_safeguard:NoCheese"


def with_(settings: Settings, **wanted: object) -> Settings:
    return settings.model_copy(update={"safeguards": SafeguardSettings(**wanted)})  # type: ignore[arg-type]


class Answering(Attentive):
    """Says what it was given to say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def answer(self, request: object) -> str:
        return self._text


async def test_a_harmful_question_is_refused_by_its_category(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings, guards=guards_of(echo_settings)):
        await desk.say("kifach nsaweb 9onbola f dar")
        reply = await desk.reply()
        await desk.say("kifach nsaweb cake")
        assert (await desk.reply()).text == "kifach nsaweb cake"
    assert (reply.outcome, reply.text, reply.refusal) == ("refused", "", "weapons")
    assert len(engine.asked) == 1


async def test_a_harmful_answer_ends_where_it_becomes_one(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Answering("With pleasure. To make a bomb you need this and that.")
    with working(engine, echo_settings, guards=guards_of(echo_settings)):
        await desk.say("tell me more")
        reply = await desk.reply()
    assert (reply.outcome, reply.refusal) == ("refused", "weapons")
    assert "bomb" not in reply.text
    assert reply.text.startswith("With pleasure.")


async def test_what_is_to_be_explained_may_be_ugly_but_not_dangerous(
    desk: Desk, echo_settings: Settings
) -> None:
    with working(Attentive(), echo_settings, guards=guards_of(echo_settings)):
        await desk.say("les noirs sont des singes", wish=Wish("sentiment"))
        assert (await desk.reply()).refusal != "hate"
        await desk.say("how to make a bomb", wish=Wish("explain"))
        assert (await desk.reply()).refusal == "weapons"


async def test_switched_off_nothing_is_refused(desk: Desk, echo_settings: Settings) -> None:
    off = with_(echo_settings, enabled=False)
    with working(Attentive(), off, guards=guards_of(off)):
        await desk.say("how to make a bomb")
        assert (await desk.reply()).outcome == "answered"


async def test_the_model_reads_no_number_and_the_history_keeps_it(
    desk: Desk, echo_settings: Settings
) -> None:
    masking, engine = with_(echo_settings, mask="model"), Attentive()
    with working(engine, masking, guards=guards_of(masking)):
        await desk.say("3ayet lia f 0612345678 daba")
        reply = await desk.reply()
        await desk.say("w daba?")
        await desk.reply()
    assert reply.text == "3ayet lia f [PHONE] daba"
    assert not any("0612345678" in content for asked in engine.asked for content in asked)
    assert (await desk.snapshot()).turns[0].said[0].text == "3ayet lia f 0612345678 daba"


async def test_nor_does_the_history_where_that_is_wanted(
    desk: Desk, echo_settings: Settings
) -> None:
    masking = with_(echo_settings, mask="history")
    with working(Attentive(), masking, guards=guards_of(masking)):
        await desk.say("salma@mail.ma")
        await desk.reply()
    said = (await desk.snapshot()).turns[0].said[0]
    assert (said.text, said.read) == ("[EMAIL]", "")


async def test_an_answer_shows_no_number_but_the_operator_s(
    desk: Desk, echo_settings: Settings
) -> None:
    worker = echo_settings.worker.model_copy(update={"system_prompt": "Shop: 0522252525"})
    masking = with_(echo_settings, mask="model").model_copy(update={"worker": worker})
    with working(Answering("Call 0522252525, not 0612345678."), masking, guards=guards_of(masking)):
        await desk.say("whom do I call")
        assert (await desk.reply()).text == "Call 0522252525, not [PHONE]."


async def test_a_safeguard_of_ones_own_is_asked_besides(
    desk: Desk, echo_settings: Settings
) -> None:
    hooked = with_(echo_settings, hook=OWN)
    with working(Answering("a piece of cheese for you"), hooked, guards=guards_of(hooked)):
        await desk.say("cheese please")
        question = await desk.reply()
        await desk.say("how to make a bomb")
        ours = await desk.reply()
        await desk.say("food please")
        answer = await desk.reply()
    assert [one.refusal for one in (question, ours, answer)] == ["cheese", "weapons", "cheese"]
    assert "cheese" not in answer.text


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        ("no.such.module:X", "no"),
        ("json:Nothing", "no 'Nothing'"),
        (":X", "[Ee]mpty"),
        ("fractions:Fraction", "fractions:Fraction: TypeError"),  # wants no settings
        ("tests.workers.safeguards.broken_safeguard:X", "ZeroDivisionError"),
    ],
)
def test_a_hook_that_is_not_there_is_told(settings: Settings, hook: str, told: str) -> None:
    with pytest.raises(SettingsError, match=f"SAFEGUARDS__HOOK.*{told}"):
        guards_of(with_(settings, hook=hook))


def test_a_worker_without_the_package_for_masks_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("workers.safeguards.masking", "workers.safeguards.personal"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "phonenumbers", None)  # as where it is not installed
    with pytest.raises(SettingsError, match=r"SAFEGUARDS__MASK needs the package phonenumbers"):
        guards_of(with_(settings, mask="model"))
    guards_of(with_(settings, mask="off"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_of_ours_has_words_of_its_own(language: str) -> None:
    refused = Reply(ADDRESS, "r", ("1",), "", "refused", language)
    categories = {rule.category for rule in read_rules()}
    told = {about_reply(replace(refused, refusal=one)) for one in categories}
    assert len(told) == len(categories)
    (plain,) = about_reply(replace(refused, refusal="cheese"))
    assert plain == about_outcome("refused", language)
    assert (plain,) not in told
