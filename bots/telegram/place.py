"""A place on Telegram, and the address that stands for it in the broker."""

from dataclasses import dataclass, replace

from broker.messages import Address

CHANNEL = "telegram"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, with its topic (0: none) and the business connection to write through ("": none)."""

    chat_id: int
    topic: int = 0
    business: str = ""

    @property
    def private(self) -> bool:
        return self.chat_id > 0

    @property
    def address(self) -> Address:
        """The conversation at this place; a business chat is another than the bot's own chat."""
        chat = f"{self.business}/{self.chat_id}" if self.business else str(self.chat_id)
        return Address(CHANNEL, chat, str(self.topic) if self.topic else "")

    @classmethod
    def of(cls, address: Address) -> "Place":
        """The place of an address that `address` made."""
        business, _, chat = address.chat.rpartition("/")
        return cls(int(chat), int(address.thread or 0), business)

    def moved_to(self, chat_id: int) -> "Place":
        """The same place after its group became a supergroup."""
        return replace(self, chat_id=chat_id)
