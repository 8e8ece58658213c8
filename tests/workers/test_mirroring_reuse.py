"""What the model read and wrote is what it is given again: so nothing of it is computed twice."""

from dataclasses import replace

from redis.asyncio import Redis

from broker.settings import Settings
from inference.catalog import find
from inference.options import LoadOptions
from inference.slots.open import open_slot_engine
from tests.workers.desk import Desk
from tests.workers.worker_in_thread import working
from workers.transcript import Wish

CARD = replace(find("demo"), arabizi="convert")
LATIN = ("salam, wach kayn livraison l casa?", "chokran, bch7al had chi?")


async def held(desk: Desk, settings: Settings, said: tuple[str, ...], wish: Wish) -> list[int]:
    """Hold a conversation with the demo model; the tokens that were reused and computed."""
    engine = open_slot_engine(CARD, LoadOptions(device="cpu"), slots=2)
    try:
        with working(engine, settings, threads=1, card=CARD):
            for text in said:
                await desk.say(text, wish=wish)
                await desk.reply()
    finally:
        engine.close()
    return [engine.figures.reused_tokens, engine.figures.fed_tokens]


async def test_a_mirrored_conversation_costs_what_it_costs_in_arabic_letters(
    redis: Redis, echo_settings: Settings
) -> None:
    worker = echo_settings.worker.model_copy(update={"model": CARD.id})
    settings = echo_settings.model_copy(update={"worker": worker})
    desk = Desk(redis, settings)
    mirrored = await held(desk, settings, LATIN, Wish(script="latn"))
    turns = (await desk.snapshot()).turns
    assert all(turn.said[0].read and turn.original for turn in turns)
    await desk.inbox.forget(desk.address)
    arabic = tuple(turn.said[0].read for turn in turns)
    assert await held(desk, settings, arabic, Wish()) == mirrored
    reused, computed = mirrored
    assert reused > 10 and computed > reused
