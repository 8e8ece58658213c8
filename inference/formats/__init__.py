"""How a conversation is written for a model, one format a file."""

from inference.formats.choice import make_format
from inference.formats.gemma import GemmaFormat
from inference.formats.span import PromptFormat, Span, prompt_text, with_folded_system

__all__ = [
    "GemmaFormat",
    "PromptFormat",
    "Span",
    "make_format",
    "prompt_text",
    "with_folded_system",
]
