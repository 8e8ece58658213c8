"""Gemma's format, which Atlas-Chat shares: no system role, the assistant is "model"."""

from collections.abc import Sequence

from inference.engine import ChatMessage
from inference.formats.span import Span, content, with_folded_system


class GemmaFormat:
    """`<bos><start_of_turn>user\\n…<end_of_turn>\\n<start_of_turn>model\\n…`"""

    marks: Sequence[str] = ()
    controls: Sequence[str] = (
        "<bos>",
        "<eos>",
        "<pad>",
        "<unk>",
        "<start_of_turn>",
        "<end_of_turn>",
    )
    adds_bos = False

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        spans = [Span("<bos>", True)]
        for message in with_folded_system(messages):
            role = "model" if message.role == "assistant" else "user"
            spans += (
                Span(f"<start_of_turn>{role}\n", True),
                content(message),
                Span("<end_of_turn>\n", True),
            )
        return [*spans, Span("<start_of_turn>model\n", True)]
