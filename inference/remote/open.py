"""A model card and the addresses of servers in, an engine out."""

import logging
from collections.abc import Sequence

from inference.cards import ModelCard
from inference.errors import ModelLoadFailed
from inference.formats import make_format
from inference.remote.dialect import DIALECTS, not_known
from inference.remote.engine import RemoteEngine
from inference.remote.options import RemoteOptions
from inference.remote.prompts import Messages, Prompts, WrittenOut

BOS = "<bos>"
"""Gemma's; its tokenizer puts one before every prompt, ours must not be the second."""

logger = logging.getLogger(__name__)

WITHOUT_TEMPLATE = ("jais", "acegpt")
"""Formats of models whose makers published no chat template: no server can write them."""


def open_remote_engine(card: ModelCard, options: RemoteOptions) -> RemoteEngine:
    """Wait until a server serves the card's model. Raises ModelLoadFailed."""
    unknown = not_known(card.sampling, DIALECTS[options.serving.server])
    if unknown:
        logger.warning(
            "a server of the kind %r takes no %s, so the model is used without",
            options.serving.server,
            ", ".join(unknown),
            extra={"model": card.id},
        )
    return RemoteEngine(card, options, _prompts(card, options))


def _prompts(card: ModelCard, options: RemoteOptions) -> Prompts:
    wanted = options.serving.prompts
    if wanted == "auto":
        wanted = "completions" if card.prompt_format in WITHOUT_TEMPLATE else "messages"
    if wanted == "messages":
        return Messages(_controls(card), folds_system=card.prompt_format == "gemma")
    if options.serving.server == "ollama":
        raise ModelLoadFailed(
            f"{card.id}: Ollama puts its own template around every prompt: let it have messages, "
            "and a Modelfile with the model's template (docs/remote.md)"
        )
    if card.prompt_format == "template":
        raise ModelLoadFailed(
            f"{card.id}: the catalog has no prompt format for it, so prompts cannot be written "
            "out: let the server have messages (docs/remote.md)"
        )
    return WrittenOut(make_format(card), BOS if card.prompt_format == "gemma" else "")


def _controls(card: ModelCard) -> Sequence[str]:
    if card.prompt_format == "template":
        return card.end_tokens
    prompt_format = make_format(card)
    return (*card.end_tokens, *prompt_format.controls, *prompt_format.marks)
