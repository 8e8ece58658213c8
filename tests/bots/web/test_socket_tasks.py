"""Tasks, transliteration and choices over the socket."""

import asyncio

import pytest
from redis.asyncio import Redis

from bots.catalog import text as words
from bots.web.session import CHANNEL
from broker.keys import Keys
from broker.messages import Address, Task
from broker.preferences import Preferences
from broker.settings import Settings
from tests.bots.hand import Hand, answer
from tests.bots.web.site import Frame, Socket, new_cookie, session_of, tab


async def announce(redis: Redis, settings: Settings, *tasks: Task) -> None:
    """A worker lives whose model can do these tasks."""
    keys, model = Keys(settings.redis.namespace), settings.worker.model
    now, _ = await redis.time()
    await redis.zadd(keys("living", "all"), {model: now + 600})
    await redis.set(keys("able", model), ",".join(tasks))


def written(about: Frame) -> list[str]:
    return [offer["write"] for offer in about["offers"]]


async def told(socket: Socket, text: str) -> Frame:
    """The bot's own answer to a command."""
    await socket.say(text)
    receipt = await socket.next("receipt")
    assert (receipt["status"], receipt["kept"]) == ("told", True)
    return receipt


async def test_a_task_stands_apart_with_its_name_and_its_language_is_remembered(
    url: str, hand: Hand
) -> None:
    async with tab(url, await new_cookie(url), lang="fr") as socket:
        about = await socket.next("about")
        assert written(about)[1] == "/translate ary "
        ident = await socket.say("/Translate  en Bonjour,\nà demain")
        assert (await socket.next("receipt"))["status"] == "asked"
        view = await socket.view(lambda view: view["pending"])
        (pending,) = view["pending"]
        assert (pending["id"], pending["text"]) == (ident, "Bonjour,\nà demain")
        assert (pending["label"], pending["aside"]) == ("Traduction en anglais", True)
        claim = await asyncio.to_thread(hand.take)
        message = claim.messages[0]
        assert (message.task, message.target, message.keeps) == ("translate", "en", False)
        await asyncio.to_thread(hand.commit, claim, "Hello, see you tomorrow")
        (turn,) = (await socket.answered())["turns"]
        assert (turn["label"], turn["aside"]) == ("Traduction en anglais", True)
        await socket.send(type="about")
        assert written(await socket.next("about"))[1] == "/translate en "


async def test_a_task_that_is_sent_again_is_done_once(url: str, hand: Hand) -> None:
    cookie = await new_cookie(url)
    async with tab(url, cookie) as socket:
        ident = await socket.say("/summarize نص طويل")
        await socket.next("receipt")
    async with tab(url, cookie) as socket:
        await socket.say("/summarize نص طويل", ident)
        assert (await socket.next("receipt"))["status"] == "asked"
        await answer(hand, "قصير")
        assert len((await socket.answered())["turns"]) == 1


async def test_what_the_model_cannot_do_is_not_offered_and_told_at_once(
    url: str, redis: Redis, settings: Settings
) -> None:
    await announce(redis, settings, "translate")
    async with tab(url, await new_cookie(url)) as socket:
        about = await socket.next("about")
        assert "/translate fr " in written(about) and "/arabizi " in written(about)
        assert not {"/summarize ", "/explain ", "/sentiment "} & set(written(about))
        receipt = await told(socket, "/explain هادشي")
        assert receipt["answer"] == words("task-nobody-can", "ary")
        assert (receipt["text"], receipt["label"]) == ("/explain هادشي", "")
        assert (await socket.next("view"))["pending"] == []


async def test_a_translation_without_language_asks_for_it(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        receipt = await told(socket, "/translate Bonjour à tous les amis")
        writes = [choice["write"] for choice in receipt["choices"]]
        assert [write.split()[1] for write in writes] == ["ary", "ar", "en"]
        await socket.say(writes[0])
        assert (await socket.next("receipt"))["status"] == "asked"
        claim = await asyncio.to_thread(hand.take)
        message = claim.messages[0]
        assert (message.text, message.target) == ("Bonjour à tous les amis", "ary")


async def test_other_letters_need_no_model(url: str) -> None:
    async with tab(url, await new_cookie(url), lang="en") as socket:
        receipt = await told(socket, "/arabizi شنو سميتك؟")
        assert (receipt["text"], receipt["answer"]) == ("شنو سميتك؟", "chno smitek?")
        assert receipt["label"] == "In Latin letters"
        receipt = await told(socket, "/3arabi chno smitek?")
        assert receipt["answer"] == "شنو سميتك؟"
        receipt = await told(socket, "/arabizi")
        assert (receipt["text"], receipt["label"]) == ("/arabizi", "")
        assert "/arabizi" in receipt["answer"]


@pytest.mark.parametrize("text", ["/usr/bin كاين؟", "/etc", "// شرح", "//translate x"])
async def test_what_only_begins_with_a_slash_goes_to_the_model(
    url: str, hand: Hand, text: str
) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.say(text)
        claim = await asyncio.to_thread(hand.take)
        assert (claim.messages[0].text, claim.messages[0].task) == (text, "")


async def test_answers_come_in_the_letters_that_were_written_or_chosen(
    url: str, hand: Hand
) -> None:
    async def script(text: str) -> str:
        await socket.say(text)
        claim = await asyncio.to_thread(hand.take)
        await asyncio.to_thread(hand.commit, claim, "واخا")
        return claim.messages[0].script

    async with tab(url, await new_cookie(url)) as socket:
        assert await script("wach kayn tawsil l casa?") == "latn"
        assert await script("واش كاين التوصيل لكازا؟") == ""
        for value in ("arab", "latn"):
            await socket.send(type="choose", name="script", value=value)
            while (await socket.next("about"))["settings"][0]["value"] != value:
                pass
            assert await script("wach kayn tawsil l casa?") == value


async def test_choices_are_those_of_the_session(url: str, settings: Settings, redis: Redis) -> None:
    cookie = await new_cookie(url)
    async with tab(url, cookie) as socket:
        await socket.send(type="choose", name="tasks", value="kept")
        await socket.send(type="choose", name="language", value="fr")
        await socket.send(type="choose", name="script", value="nonsense")
        await socket.send(type="ping")
        await socket.next("pong")
    user = Address(CHANNEL, session_of(cookie))
    chosen = await Preferences(redis, settings).of(f"{user.channel}:{user.chat}")
    assert (chosen.keeps, chosen.language, chosen.script) == (True, "fr", "mirror")
    async with tab(url, cookie, 2) as socket:
        await socket.say("/summarize نص طويل")
        view = await socket.view(lambda view: view["pending"])
        assert view["pending"][0]["aside"] is False
        receipt = await told(socket, "/explain")
        assert receipt["answer"].startswith("Écrivez")  # the language that was chosen


async def test_a_choice_that_the_page_does_not_have_closes_the_socket(url: str) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.send(type="choose", name="forget", value="")
        assert await socket.closed() == 1008


async def test_a_forgotten_conversation_is_shown_empty(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.say("سلام")
        await answer(hand, "وعليكم السلام")
        await socket.answered()
        await told(socket, "/forget")
        await socket.view(lambda view: view["whole"] and not view["turns"])


async def test_the_conversation_can_be_taken_along(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.say("سلام")
        await answer(hand, "وعليكم السلام")
        await socket.answered()
        document = (await told(socket, "/export"))["document"]
        assert document["name"].endswith(".json") and "وعليكم السلام" in document["content"]
