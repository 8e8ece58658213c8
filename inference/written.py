"""What a model is sent, as one string, from the catalog: no weights, no torch, no network.

Only the template of a model of one's own has to be read from its tokenizer's files.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inference.cards import ModelCard
from inference.engine import ChatMessage
from inference.errors import InvalidRequest, ModelLoadFailed
from inference.formats import make_format, prompt_text

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def write_prompt(card: ModelCard, messages: Sequence[ChatMessage]) -> str:
    """The prompt, all of it, however long. Raises InvalidRequest or ModelLoadFailed."""
    if card.engine == "echo":
        raise InvalidRequest(f"{card.id} is no model and is sent no prompt")
    tokenizer = _tokenizer(card) if card.prompt_format == "template" else None
    return prompt_text(make_format(card, tokenizer), messages)


def _tokenizer(card: ModelCard) -> "PreTrainedTokenizerBase":
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise ModelLoadFailed(
            f"{card.id}: its template is run by transformers, which is not installed"
        ) from error
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            card.source, revision=card.revision or None, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelLoadFailed(
            f"{card.id}: no tokenizer could be read from {card.source}: {error}"
        ) from error
    return tokenizer
