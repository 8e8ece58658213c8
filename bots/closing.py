"""A reply as one text: the answer, and below it the bot's remarks."""

from bots.words import about_reply
from broker.messages import Reply


def whole_text(reply: Reply) -> str:
    """Markdown; "" when there is nothing to say."""
    remarks = about_reply(reply)
    if not reply.text:
        return "\n".join(remarks)
    return "\n\n".join([reply.text, *(f"_{remark}_" for remark in remarks)])
