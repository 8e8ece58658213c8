"""Llama 2's format as ALLaM and AceGPT write it; they differ in spaces and in who writes <s>."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference.engine import ChatMessage
from inference.formats.span import Span, content, split_system

MARKS = ("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>")
CONTROLS = ("<s>", "</s>", "<unk>")


@dataclass(frozen=True, slots=True)
class Llama2Format:
    """`[INST] <<SYS>>\\n…\\n<</SYS>>\\n\\n… [/INST]…`

    `question` stands before every question, `answer` round every answer; `system` is the
    system text of a conversation that has none, "" for no such block.
    """

    question: str
    answer: tuple[str, str]
    system: str
    adds_bos: bool
    marks: Sequence[str] = MARKS
    controls: Sequence[str] = CONTROLS

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        given, rest = split_system(messages)
        system = content(given) if given else Span(self.system, False)
        spans: list[Span] = []
        for message in rest:
            before, after = self._around(message)
            spans.append(Span(before, True))
            if message is rest[0] and system.text:
                spans += (Span("<<SYS>>\n", True), system, Span("\n<</SYS>>\n\n", True))
            spans += (content(message, self.marks), Span(after, True))
        return spans

    def _around(self, message: ChatMessage) -> tuple[str, str]:
        return self.answer if message.role == "assistant" else (self.question, " [/INST]")


def allam_format(system: Mapping[str, str]) -> Llama2Format:
    """The template writes <s> before every question, with a space behind it."""
    return Llama2Format("<s> [INST] ", (" ", " </s>"), system.get("ar", ""), adds_bos=False)


def acegpt_format(system: Mapping[str, str]) -> Llama2Format:
    """No space round an answer, and one <s> in all, which is the tokenizer's."""
    return Llama2Format("[INST] ", ("", "</s>"), system.get("ar", ""), adds_bos=True)
