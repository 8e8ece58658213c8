"""A bot's side under chaos: messages with redeliveries in, replies out."""

import asyncio
import random
from collections import defaultdict

from redis.asyncio import Redis

from broker.errors import RedisUnavailable
from broker.inbox import Inbox, Receipt
from broker.messages import Address, Reply, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings

CHANNEL = "web"


class Traffic:
    """`conversations` × `messages`, each user with two conversations, spread over `spread_s`.

    A submit that raised is made again with the same id, as a platform would redeliver.
    """

    def __init__(
        self, redis: Redis, settings: Settings, conversations: int, messages: int, spread_s: float
    ) -> None:
        self.addresses = [Address(CHANNEL, f"c{number}") for number in range(conversations)]
        self.messages = messages
        self.duplicates = 0
        self.sent_again = 0
        self.replies: dict[str, list[Reply]] = defaultdict(list)
        self._pause_s = spread_s / (conversations * messages)
        self._inbox = Inbox(redis, settings)
        self._outbox = Outbox(redis, settings, CHANNEL, "chaos")
        self._chance = random.Random(20)

    async def submit_all(self) -> None:
        """Each conversation's messages in their order, one in ten of them twice."""
        clock = asyncio.get_running_loop()
        due = clock.time()
        for number in range(self.messages):
            for address in self._chance.sample(self.addresses, len(self.addresses)):
                receipt = await self.submit(address, number)
                assert receipt.kept, receipt
                if self._chance.random() < 0.1:
                    earlier = self._chance.randint(0, number)
                    again = await self.submit(address, earlier)
                    assert again.status == "duplicate"
                    self.duplicates += 1
                due += self._pause_s
                await asyncio.sleep(max(0.0, due - clock.time()))

    async def submit(self, address: Address, number: int, text: str = "") -> Receipt:
        """Until it is certain what became of it."""
        user = f"u{self.addresses.index(address) // 2}"
        message = UserMessage(address, str(number), user, text or f"say{number}", 1.0)
        while True:
            try:
                return await self._inbox.submit(message)
            except RedisUnavailable:
                self.sent_again += 1
                await asyncio.sleep(0.05)

    async def read_replies(self) -> None:
        """Deliver for ever: remember each reply, then acknowledge it."""
        async for parcel in self._outbox.parcels():
            self.replies[parcel.reply.address.conversation_id].append(parcel.reply)
            await self._outbox.acknowledge(parcel)
