"""Jais' format: an instruction with a persona, then inputs and responses, all of it plain text."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from inference.engine import ChatMessage
from inference.formats.span import Span, content, split_system

Language = Literal["ar", "en"]

MARKS = ("### Instruction:", "### Input:", "### Response:", "[|Human|]", "[|AI|]")

CONVERSATION: dict[Language, str] = {
    "ar": "أكمل المحادثة أدناه بين [|Human|] و [|AI|]:",
    "en": "Complete the conversation below between [|Human|] and [|AI|]:",
}

TELLING_WORDS = 5
"""A question's first words tell its language; what follows may be a text to be translated."""


class JaisFormat:
    """`### Instruction: …\\n\\n…\\n### Input: [|Human|] …\\n### Response: [|AI|]…`

    The prompt is Arabic or English, as the newest question is.
    """

    marks: Sequence[str] = MARKS
    controls: Sequence[str] = ("<|endoftext|>",)
    adds_bos = False

    def __init__(self, personas: Mapping[str, str]) -> None:
        """`personas`: the system text "ar" and "en", where a conversation brings none."""
        self._personas = personas

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        given, rest = split_system(messages)
        language = _language(rest)
        persona = content(given) if given else Span(self._personas[language], False)
        spans = [
            Span("### Instruction: ", True),
            persona,
            Span(f"\n\n{CONVERSATION[language]}", True),
        ]
        for message in rest:
            is_answer = message.role == "assistant"
            before = " " if is_answer else "\n### Input: [|Human|] "
            after = "" if is_answer else "\n### Response: [|AI|]"
            spans += (Span(before, True), content(message, self.marks), Span(after, True))
        return spans


def _language(messages: Sequence[ChatMessage]) -> Language:
    """Of the newest question that has letters of either kind; without any, Arabic."""
    for message in reversed(messages):
        if message.role == "user":
            language = _language_of(message.content)
            if language:
                return language
    return "ar"


def _language_of(text: str) -> Language | None:
    """What most of the first words with letters are, in doubt what the first one is."""
    words = [kind for kind in map(_script, text.split()) if kind][:TELLING_WORDS]
    if not words:
        return None
    arabic = words.count("ar")
    if 2 * arabic == len(words):
        return words[0]
    return "ar" if 2 * arabic > len(words) else "en"


def _script(word: str) -> Language | None:
    """Of the word's first letter: "en" stands for every script but Arabic."""
    for letter in word:
        if letter.isalpha():
            return "ar" if unicodedata.name(letter, "").startswith("ARABIC") else "en"
    return None
