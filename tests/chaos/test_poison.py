"""A message that kills its process is found and set aside; nobody else suffers for it."""

import asyncio

import redis

from broker.connection import connect
from broker.keys import Keys
from broker.messages import UserMessage
from broker.settings import TurnSettings
from tests.chaos.fleet import Fleet
from tests.chaos.run import Scene
from tests.chaos.traffic import Traffic
from tests.chaos.verdict import count, settle
from tests.chaos.worker import EXIT_POISONED, POISON, Character

MESSAGES = 3


async def test_a_poison_is_set_aside_and_its_neighbours_are_answered(scene: Scene) -> None:
    settings = scene.settings.model_copy(update={"turn": TurnSettings(lease_s=0.8, max_tries=3)})
    client = connect(settings)
    traffic = Traffic(client, settings, conversations=20, messages=MESSAGES, spread_s=1.0)
    victim = traffic.addresses[0]
    with Fleet(settings, scene.log, size=1, character=Character(delay_s=0.2)) as fleet:
        reader = asyncio.create_task(traffic.read_replies())
        await traffic.submit(victim, 0, "before")
        await settle(client, settings, traffic, timeout_s=120)
        await traffic.submit(victim, 1, POISON)
        for number in range(MESSAGES):
            for address in traffic.addresses[1:]:
                await traffic.submit(address, number)
        await traffic.submit(victim, 2, "after")
        await settle(client, settings, traffic, timeout_s=120)
        reader.cancel()
    await client.aclose()
    outcomes = [(r.message_ids, r.outcome) for r in traffic.replies[victim.conversation_id]]
    assert outcomes == [(("0",), "answered"), (("1",), "set_aside"), (("2",), "answered")]
    expected = [str(number) for number in range(MESSAGES)]
    for address in traffic.addresses[1:]:
        replies = traffic.replies[address.conversation_id]
        assert {reply.outcome for reply in replies} == {"answered"}
        got = [ident for reply in replies for ident in reply.message_ids]
        assert count(got, expected) == count(expected, expected)
    assert fleet.exits == [EXIT_POISONED] * settings.turn.max_tries
    with redis.Redis.from_url(settings.redis_url) as server:
        key = Keys(settings.redis.namespace)("aside", victim.conversation_id)
        aside = server.lrange(key, 0, -1)
    assert [UserMessage.from_json(raw).text for raw in aside] == [POISON]
