"""Answering customers on a business account's behalf."""

import asyncio

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.telegram.conftest import Bots, until
from tests.telegram.platform import BOT_ID, Platform

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
