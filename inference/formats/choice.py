"""Which format a model's card asks for."""

from typing import TYPE_CHECKING

from inference.cards import ModelCard
from inference.errors import ModelLoadFailed
from inference.formats.gemma import GemmaFormat
from inference.formats.jais import JaisFormat
from inference.formats.llama2 import acegpt_format, allam_format
from inference.formats.span import PromptFormat
from inference.formats.template import TemplateFormat

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_NEEDED = {
    "gemma": {"<bos>", "<start_of_turn>", "<end_of_turn>"},
    "allam": {"<s>", "</s>"},
    "acegpt": {"<s>", "</s>"},
    "jais": set[str](),
}


def make_format(
    card: ModelCard, tokenizer: "PreTrainedTokenizerBase | None" = None
) -> PromptFormat:
    """The card's format; a tokenizer is needed for that of its own template alone.

    Raises ModelLoadFailed when the tokenizer is missing or cannot serve the format.
    """
    name = card.prompt_format
    if name == "template":
        if tokenizer is None:
            raise ModelLoadFailed(f"{card.id}: its format is its tokenizer's own template")
        return TemplateFormat(tokenizer)
    if tokenizer is not None:
        absent = _NEEDED[name] - set(tokenizer.get_added_vocab())
        if absent:
            raise ModelLoadFailed(
                f"{card.id}: its tokenizer lacks {', '.join(sorted(absent))}, which the format "
                f"{name!r} needs: is this the right checkpoint?"
            )
    if name == "gemma":
        return GemmaFormat()
    if name == "jais":
        return JaisFormat(card.system)
    return allam_format(card.system) if name == "allam" else acegpt_format(card.system)
