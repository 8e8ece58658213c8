"""Who asks the bot itself for something."""

import time
from dataclasses import dataclass

from broker.messages import Address, UserMessage


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and where. `event_id` is the platform's id of the asking, `language` his tag;
    `steers`: he may do what concerns everybody in the chat; `replaces`: the message of which the
    asking is an edit, "" none."""

    address: Address
    user_id: str
    event_id: str
    language: str = ""
    steers: bool = True
    replaces: str = ""

    @property
    def user_key(self) -> str:
        return self.message("").user_key

    def message(self, text: str) -> UserMessage:
        """A message of this person."""
        return UserMessage(
            address=self.address,
            message_id=self.event_id,
            user_id=self.user_id,
            text=text,
            sent_at=time.time(),
            language=self.language,
            action="edit" if self.replaces else "say",
            replaces=self.replaces,
        )
