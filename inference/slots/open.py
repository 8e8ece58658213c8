"""A model card's checkpoint as a running slot engine."""

import logging

import torch

from inference.catalog import ModelCard
from inference.cpu import usable_cpus
from inference.errors import InvalidRequest, ModelLoadFailed
from inference.formats import make_format
from inference.loading import OUT_OF_MEMORY, Checkpoint, is_out_of_memory, load_checkpoint
from inference.prompt import PromptWriter, compare_with_template
from inference.slots.engine import SlotEngine
from inference.slots.pool import KeyValuePool
from inference.slots.runner import ModelRunner
from inference.slots.scheduler import Scheduler
from inference.slots.text import TokenizerDecoder

logger = logging.getLogger(__name__)

STEP_TOKENS = {"cpu": 256, "cuda": 1024}
"""Tokens of one step: many use the processor well, few let answers go on beside a prompt."""


def open_slot_engine(
    card: ModelCard, device: str, slots: int, context_tokens: int | None
) -> SlotEngine:
    """Load the card's checkpoint and start its engine. Raises ModelLoadFailed."""
    if slots < 1:
        raise ValueError(f"slots must be at least 1: {slots}")
    checkpoint = load_checkpoint(card, device)
    if checkpoint.model.device.type == "cpu":
        # only ever fewer: who set OMP_NUM_THREADS had a reason
        torch.set_num_threads(min(torch.get_num_threads(), usable_cpus()))
    try:
        return start_engine(checkpoint, slots, context_tokens)
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            raise ModelLoadFailed(f"{card.id}: {OUT_OF_MEMORY}") from error
        raise


def start_engine(
    checkpoint: Checkpoint,
    slots: int,
    context_tokens: int | None = None,
    step_tokens: int | None = None,
) -> SlotEngine:
    """Start an engine for a loaded checkpoint. Raises ModelLoadFailed."""
    card, tokenizer = checkpoint.card, checkpoint.tokenizer
    context = _context(checkpoint, context_tokens)
    pool = KeyValuePool(slots, context)
    runner = ModelRunner(checkpoint.model, pool)
    prompt_format = make_format(card, tokenizer)
    try:
        writer = PromptWriter(prompt_format, tokenizer, context, checkpoint.end_ids)
    except InvalidRequest as error:
        raise ModelLoadFailed(f"{card.id}: no conversation can be written: {error}") from error
    compare_with_template(writer, tokenizer)
    budget = step_tokens or STEP_TOKENS[checkpoint.model.device.type]
    logger.info("%s: %s slots of %s tokens, %s MB", card.id, slots, context, pool.bytes >> 20)
    return SlotEngine(
        card.id, runner, writer, TokenizerDecoder(tokenizer), Scheduler(slots, budget)
    )


def _context(checkpoint: Checkpoint, wanted: int | None) -> int:
    if wanted is not None and wanted > checkpoint.context_tokens:
        logger.warning(
            "%s: the model reads %s tokens at most, not %s",
            checkpoint.card.id,
            checkpoint.context_tokens,
            wanted,
        )
    return min(wanted or checkpoint.context_tokens, checkpoint.context_tokens)
