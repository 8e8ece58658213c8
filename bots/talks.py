"""The broker's side of a conversation, in one hand."""

from dataclasses import dataclass

from bots.working import Working
from broker.conversation import Conversations
from broker.inbox import Inbox


@dataclass(frozen=True, slots=True)
class Talks:
    """Where messages go in, what a conversation looks like, and the sign that it is answered."""

    inbox: Inbox
    conversations: Conversations
    working: Working
