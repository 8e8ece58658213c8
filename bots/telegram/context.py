"""What a message answers or passes on, for the model."""

from telegram import Message

QUOTED_CHARS = 500


def context_of(message: Message) -> str:
    """The quoted or forwarded words before a message's own, one mark a line; "" for none."""
    lines: list[str] = []
    if message.forward_origin is not None:
        lines.append(f"[{_forwarded_from(message)}]")
    quoted = quoted_in(message)
    if quoted:
        lines += [f"> {line}" for line in quoted[:QUOTED_CHARS].splitlines()]
    return "\n".join(lines)


def quoted_in(message: Message) -> str:
    """What a message answers: the words that it quotes, else the whole text or caption."""
    if message.quote is not None:
        return message.quote.text
    answered = message.reply_to_message
    if answered is None or answered.message_id == message.message_thread_id:
        return ""  # every message of a topic answers the one that opened it
    return answered.text or answered.caption or ""


def _forwarded_from(message: Message) -> str:
    origin = message.forward_origin
    user = getattr(origin, "sender_user", None)
    chat = getattr(origin, "sender_chat", None) or getattr(origin, "chat", None)
    if user is not None:
        return f"↪ {user.first_name}"
    if chat is not None:
        return f"↪ {chat.effective_name or ''}".rstrip()
    return f"↪ {getattr(origin, 'sender_user_name', '')}".rstrip()
