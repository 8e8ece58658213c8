"""A place on Telegram, and the address that stands for it in the broker."""

from dataclasses import dataclass, replace

from broker.messages import Address

CHANNEL = "telegram"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, with its topic (0: none) and the business connection to write through ("": none).

    `home` is the id under which the conversation of a group began that has another one now
    (0: it never moved).
    """

    chat_id: int
    topic: int = 0
    business: str = ""
    home: int = 0

    @property
    def private(self) -> bool:
        return self.chat_id > 0

    @property
    def sequence(self) -> str:
        """Private chats share one sequence of message ids; a group has its own."""
        return "private" if self.private else str(self.chat_id)

    @property
    def address(self) -> Address:
        """The conversation at this place; a business chat is another than the bot's own chat."""
        chat = str(self.home or self.chat_id)
        if self.business:
            chat = f"{self.business}/{chat}"
        return Address(CHANNEL, chat, str(self.topic) if self.topic else "")

    @classmethod
    def of(cls, address: Address) -> "Place":
        """The place of an address that `address` made."""
        business, _, chat = address.chat.rpartition("/")
        return cls(int(chat), int(address.thread or 0), business)

    def moved_to(self, chat_id: int) -> "Place":
        """The same place after its group became a supergroup."""
        return replace(self, chat_id=chat_id, home=self.home or self.chat_id)

    def name_of(self, message_id: int) -> str:
        """What the conversation calls a message: in a supergroup their ids begin anew."""
        return f"{message_id}.{self.chat_id}" if self.home else str(message_id)

    def number_of(self, name: str) -> int:
        """The id of a message of this chat by its name, or by that of an edit of it; 0 when it
        has none here."""
        number, _, rest = name.partition(".")
        if self.home and rest.partition(".")[0] != str(self.chat_id):
            return 0  # left behind in the group that was
        return int(number) if number.isdigit() else 0
