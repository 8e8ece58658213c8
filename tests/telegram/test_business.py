"""Answering customers on a business account's behalf."""

import asyncio
import time

from redis import Redis

from broker.keys import Keys
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.channels.worker import Listening
from tests.patience import until
from tests.telegram.platform import BOT_ID, Platform
from tests.telegram.test_journey import changed
from tests.workers.worker_in_thread import working

CUSTOMER, OWNER, LINK = 88, 500, "conn-1"


def connection(telegram: Platform, can_reply: bool = True) -> dict[str, object]:
    return {
        "id": LINK,
        "user": telegram.user(OWNER),
        "user_chat_id": OWNER,
        "date": 1,
        "is_enabled": True,
        "rights": {"can_reply": can_reply},
    }


async def test_customers_are_answered_through_the_connection_until_the_owner_writes(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    telegram.connections[LINK] = connection(telegram)
    async with bots(chat_settings):
        telegram.update(business_connection=connection(telegram))
        telegram.say(CUSTOMER, "بشحال الزربية؟", business_connection_id=LINK)
        await until(lambda: telegram.said(CUSTOMER))
        assert telegram.sent[0].parameters["business_connection_id"] == LINK
        # Telegram shows us our own reply: it is not the owner's
        bot = {"id": BOT_ID, "is_bot": True, "first_name": "Mersal"}
        telegram.say(CUSTOMER, "بشحال الزربية؟", user_id=OWNER, business_connection_id=LINK,
                     sender_business_bot=bot)  # fmt: skip
        telegram.say(CUSTOMER, "شكرا", business_connection_id=LINK)
        await until(lambda: len(telegram.said(CUSTOMER)) == 2)
        telegram.say(CUSTOMER, "أنا معاك", user_id=OWNER, business_connection_id=LINK)
        telegram.say(CUSTOMER, "واخا", business_connection_id=LINK)
        telegram.say(77, "salam")
        await until(lambda: telegram.said(77))
        await asyncio.sleep(0.5)
    assert telegram.said(CUSTOMER) == ["بشحال الزربية؟", "شكرا"]


async def test_without_the_right_to_reply_nothing_is_sent(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    telegram.connections[LINK] = connection(telegram, can_reply=False)
    async with bots(chat_settings):
        telegram.say(CUSTOMER, "salam", business_connection_id=LINK)
        telegram.say(77, "salam")
        await until(lambda: telegram.said(77) and not telegram.unconfirmed)
        await asyncio.sleep(0.3)
    assert telegram.said(CUSTOMER) == []


async def test_a_business_chat_is_not_the_bots_own_chat_with_the_same_person(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    telegram.connections[LINK] = connection(telegram)
    async with bots(chat_settings):
        telegram.say(CUSTOMER, "as customer", business_connection_id=LINK)
        telegram.say(CUSTOMER, "as user")
        await until(lambda: len(telegram.said(CUSTOMER)) == 2)
    by_text = {sent.text: "business_connection_id" in sent.parameters for sent in telegram.sent}
    assert by_text == {"as customer": True, "as user": False}


async def test_the_owner_who_writes_stops_the_answer_under_way(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    telegram.connections[LINK] = connection(telegram)
    # his silence is over at once: what was stopped is not sent all the same
    settings = changed(chat_settings, owner_silence_s=0)
    with working(EchoEngine(delay_s=30), settings):
        async with bots(settings):
            telegram.say(CUSTOMER, "سؤال " * 200, business_connection_id=LINK)
            await until(lambda: "sendChatAction" in [method for method, _ in telegram.calls])
            await asyncio.sleep(0.5)
            telegram.say(CUSTOMER, "أنا معاك", user_id=OWNER, business_connection_id=LINK)
            await until(lambda: not telegram.unconfirmed)
            telegram.say(77, "/stop")
            await until(lambda: telegram.said(77))
            await asyncio.sleep(0.5)
    assert telegram.said(CUSTOMER) == []


async def test_a_customer_is_answered_within_a_day_of_his_last_message(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    telegram.connections[LINK] = connection(telegram)
    day_s = 24 * 3600
    with working(EchoEngine(delay_s=4.0), chat_settings):
        async with bots(chat_settings):
            for customer, age_s in ((88, day_s + 60), (89, day_s - 2), (90, day_s - 600)):
                old = telegram.message(
                    customer, text="واش مازال كاين؟", business_connection_id=LINK
                )
                telegram.update(business_message={**old, "date": int(time.time() - age_s)})
            await until(lambda: telegram.said(90))
            await asyncio.sleep(0.5)
    assert telegram.said(90) == ["واش مازال كاين؟"]
    # too old when it came; too old when its answer was ready
    assert telegram.said(88) == telegram.said(89) == []


async def test_what_a_customer_edits_is_asked_anew_and_what_he_takes_back_is_not_answered(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    telegram.connections[LINK] = connection(telegram)
    with working(EchoEngine(delay_s=3.0), chat_settings):
        async with bots(chat_settings):
            asked = telegram.say(CUSTOMER, "بشحال الزربية؟", business_connection_id=LINK)
            edited = telegram.message(
                CUSTOMER,
                text="بشحال البلغة؟",
                business_connection_id=LINK,
                edit_date=int(time.time()),
            )
            telegram.update(edited_business_message={**edited, "message_id": asked})
            gone = telegram.say(89, "سمح ليا", business_connection_id=LINK)
            await until(lambda: len([m for m, _ in telegram.calls if m == "sendChatAction"]) >= 2)
            telegram.update(
                deleted_business_messages={
                    "business_connection_id": LINK,
                    "chat": telegram.chat(89),
                    "message_ids": [gone],
                }
            )
            await until(lambda: telegram.said(CUSTOMER))
            telegram.say(89, "بشحال أتاي؟", business_connection_id=LINK)
            await until(lambda: telegram.said(89))
    assert telegram.said(CUSTOMER) == ["بشحال البلغة؟"]
    assert telegram.said(89) == ["بشحال أتاي؟"]


async def test_a_right_that_is_taken_away_ends_the_answers(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    telegram.connections[LINK] = connection(telegram)
    async with bots(chat_settings):
        telegram.say(CUSTOMER, "واحد", business_connection_id=LINK)
        await until(lambda: telegram.said(CUSTOMER))
        for text, allowed in (("جوج", False), ("تلاتة", True)):
            telegram.update(business_connection=connection(telegram, can_reply=allowed))
            await until(lambda: not telegram.unconfirmed)
            await asyncio.sleep(0.3)  # it is another lane's
            telegram.say(CUSTOMER, text, business_connection_id=LINK)
            await until(lambda: not telegram.unconfirmed)
            await asyncio.sleep(0.3)
        await until(lambda: len(telegram.said(CUSTOMER)) == 2)
    assert telegram.said(CUSTOMER) == ["واحد", "تلاتة"]


async def test_of_several_that_wait_what_a_customer_takes_back_alone_is_not_answered(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    telegram.connections[LINK] = connection(telegram)
    model, redis = Listening(), Redis.from_url(chat_settings.redis_url)
    journal = Keys(chat_settings.redis.namespace)("arrivals", "telegram")
    async with bots(chat_settings):
        said = [telegram.say(CUSTOMER, text, business_connection_id=LINK) for text in "abc"]
        alone = telegram.say(89, "never mind", business_connection_id=LINK)
        for customer, gone in ((CUSTOMER, said[1]), (89, alone)):
            telegram.update(
                deleted_business_messages={
                    "business_connection_id": LINK,
                    "chat": telegram.chat(customer),
                    "message_ids": [gone],
                }
            )
        await until(lambda: not telegram.unconfirmed and not redis.xlen(journal))
        with redis, working(model, chat_settings):
            await until(lambda: telegram.said(CUSTOMER))
            telegram.say(89, "another", business_connection_id=LINK)
            await until(lambda: telegram.said(89))
    assert model.asked == ["a\nc", "another"]
