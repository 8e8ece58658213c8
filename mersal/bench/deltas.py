"""What it costs to show a piece of an answer while it is being written."""

import time

from broker.claims import Claims
from broker.connection import worker_pool
from broker.inbox import Inbox
from broker.messages import Address, ReplyDelta, UserMessage
from mersal.bench.mersal_peer import SENT_AT, MersalPeer
from mersal.bench.order import TEXT_CHARS

# Nobody serves this queue: we take from it ourselves, for one answer in pieces of a few words.
MODEL = "pieces"
PIECE = "x" * (TEXT_CHARS // 5)


async def deltas_per_s(peer: MersalPeer, count: int) -> float:
    """Deltas a second of one thread, one after the other."""
    worker = peer.settings.worker.model_copy(update={"model": MODEL})
    settings = peer.settings.model_copy(update={"worker": worker})
    message = UserMessage(Address("deltas", "1"), "1", "1", PIECE, SENT_AT)
    await Inbox(peer.redis, settings).submit(message)
    claims = Claims(worker_pool(settings), settings, MODEL)
    _, claim = claims.step("bench", None, take=True)
    if claim is None:
        raise RuntimeError("the benchmark's own message was not to be taken")
    started = time.perf_counter()
    for number in range(count):
        offset = number * len(PIECE)
        delta = ReplyDelta(claim.conversation_id, claim.reply_id, offset, PIECE)
        if not claims.publish(claim, delta):
            raise RuntimeError("the benchmark's own lease was lost")
    return count / (time.perf_counter() - started)
