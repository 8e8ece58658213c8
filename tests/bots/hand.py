"""The worker's side of the broker, moved by hand: a test takes, writes and commits."""

import asyncio
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from broker.claims import Claim, Claims, Finished
from broker.connection import worker_pool
from broker.messages import Address, Notice, Outcome, Reply, ReplyDelta, Said, Turn, UserMessage
from broker.settings import Settings

OWNER = "hand"
PATIENCE_S = 20.0


class Hand:
    """Answers one conversation at a time."""

    def __init__(self, settings: Settings) -> None:
        self._model = settings.worker.model
        self._pool = worker_pool(settings)
        self._claims = Claims(self._pool, settings, self._model)

    def take(self) -> Claim:
        """The next conversation that waits for an answer."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            claim = self._claims.wait_and_take(OWNER, 0.2)
            if claim is not None:
                return claim
        raise AssertionError("no message came")

    def write(self, claim: Claim, *pieces: str, start: int = 0) -> None:
        """Show pieces of the answer, the first at the offset `start`."""
        for piece in pieces:
            delta = ReplyDelta(claim.conversation_id, claim.reply_id, start, piece)
            assert self._claims.publish(claim, delta)
            start += len(piece)

    def wishes(self, claim: Claim) -> str:
        """What the user wants of this claim: kept, stop, …"""
        return self._claims.renew([claim])[0]

    def await_stop(self, claim: Claim) -> None:
        """Until the user wants this claim stopped."""
        end = time.monotonic() + PATIENCE_S
        while self.wishes(claim) != "stop":
            assert time.monotonic() < end, "no stop came"
            time.sleep(0.05)

    def commit(
        self,
        claim: Claim,
        text: str,
        outcome: Outcome = "answered",
        notices: Sequence[Notice] = (),
    ) -> None:
        """End the turn as a worker would: a regeneration replaces the last one."""
        again = claim.messages[0].action == "regenerate"
        messages = claim.messages[:1] if again else claim.messages
        said = claim.turns[-1].said if again and claim.turns else tuple(map(_said, messages))
        last = messages[-1]
        now = time.time()
        asked = claim.turns[-1] if again and claim.turns else last
        turn = Turn(
            said,
            claim.reply_id,
            text,
            outcome,
            self._model,
            last.language,
            now,
            task=asked.task,
            target=asked.target,
            aside=_is_aside(asked),
        )
        reply = Reply(
            last.address,
            claim.reply_id,
            tuple(message.message_id for message in messages),
            text,
            outcome,
            last.language,
            self._model,
            tuple(notices),
            now,
        )
        kept = turn if text or not again else None
        replaces = claim.turns[-1].reply_id if again and claim.turns else ""
        done = Finished(claim, len(messages), kept, reply, replaces=replaces)
        assert self._claims.step(OWNER, done, take=False)[0] == "committed"

    def close(self) -> None:
        self._pool.disconnect()


@contextmanager
def open_hand(settings: Settings) -> Iterator[Hand]:
    hand = Hand(settings)
    try:
        yield hand
    finally:
        hand.close()


def message(address: Address, text: str = "سلام", **fields: str) -> UserMessage:
    """A message with an id of its own."""
    return UserMessage(
        address=address,
        message_id=fields.get("message_id", uuid.uuid4().hex),
        user_id=fields.get("user_id", address.chat),
        text=text,
        sent_at=time.time(),
        language=fields.get("language", "ary"),
    )


def _said(message: UserMessage) -> Said:
    return Said(message.message_id, message.text, message.sent_at, message.sender)


def _is_aside(asked: UserMessage | Turn) -> bool:
    return asked.aside if isinstance(asked, Turn) else bool(asked.task) and not asked.keeps


async def answer(hand: Hand, text: str, after_s: float = 0.0) -> None:
    """Take what waits and answer it so much later, for tests that are asyncio."""
    claim = await asyncio.to_thread(hand.take)
    await asyncio.sleep(after_s)
    await asyncio.to_thread(hand.commit, claim, text)
