"""A model card's checkpoint as a running slot engine."""

import logging

import torch

from inference.advice import OUT_OF_MEMORY, is_out_of_memory
from inference.catalog import ModelCard
from inference.cpu import usable_cpus
from inference.errors import InvalidRequest, ModelLoadFailed
from inference.formats import make_format
from inference.loading import Checkpoint, load_checkpoint
from inference.options import DecodeChoice, LoadOptions
from inference.prompt import PromptWriter, compare_with_template
from inference.slots.engine import SlotEngine
from inference.slots.places import Places
from inference.slots.runner import ModelRunner
from inference.slots.sampler import Sampler
from inference.slots.scheduler import Scheduler
from inference.slots.sizing import UNIT_TOKENS, pool_tokens
from inference.slots.text import TokenizerDecoder

logger = logging.getLogger(__name__)

STEP_TOKENS = {"cpu": 256, "cuda": 1024}
"""Tokens of one step: many use the processor well, few let answers go on beside a prompt."""


def open_slot_engine(card: ModelCard, options: LoadOptions, slots: int) -> SlotEngine:
    """Load the card's checkpoint and start its engine. Raises ModelLoadFailed."""
    if slots < 1:
        raise ValueError(f"slots must be at least 1: {slots}")
    checkpoint = load_checkpoint(card, options, slots)
    if checkpoint.model.device.type == "cpu":
        # only ever fewer: who set OMP_NUM_THREADS had a reason
        torch.set_num_threads(min(torch.get_num_threads(), usable_cpus()))
    try:
        return start_engine(checkpoint, slots, kv_bytes=options.kv_bytes, decode=options.decode)
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            raise ModelLoadFailed(f"{card.id}: {OUT_OF_MEMORY}") from error
        raise


def start_engine(
    checkpoint: Checkpoint,
    slots: int,
    context_tokens: int | None = None,
    step_tokens: int | None = None,
    kv_bytes: int | None = None,
    decode: DecodeChoice = "auto",
) -> SlotEngine:
    """Start an engine for a loaded checkpoint. Raises ModelLoadFailed.

    `slots` conversations are computed side by side; `kv_bytes` is the memory for their keys and
    values and for those of conversations that may go on, None a share of what is free.
    """
    card, tokenizer, device = checkpoint.card, checkpoint.tokenizer, checkpoint.model.device
    runner = ModelRunner(checkpoint.model)
    context = _context(checkpoint, context_tokens)
    tokens = pool_tokens(runner.pool.bytes_on_devices, slots, context, kv_bytes)
    runner.take_pool(tokens)
    pool, unit = runner.pool, UNIT_TOKENS[device.type]
    if decode == "compiled":  # "auto" is eager as long as nobody has measured it on a GPU
        runner.compile(slots, unit)
    scheduler = Scheduler(
        slots,
        step_tokens or STEP_TOKENS[device.type],
        Places(tokens, unit, pool.copy),
        pool.clear,
    )
    writer = _writer(checkpoint, min(context, scheduler.places.longest))
    logger.info(
        "%s slots, a window of %s tokens, %s MB for the keys and values of %s",
        slots,
        writer.context_tokens,
        pool.bytes >> 20,
        tokens,
        extra={"model": card.id},
    )
    sampler = Sampler(slots, runner.vocabulary, writer.end_ids, device)
    return SlotEngine(card.id, runner, writer, TokenizerDecoder(tokenizer), scheduler, sampler)


def _writer(checkpoint: Checkpoint, context_tokens: int) -> PromptWriter:
    card, tokenizer = checkpoint.card, checkpoint.tokenizer
    prompt_format = make_format(card, tokenizer)
    try:
        writer = PromptWriter(prompt_format, tokenizer, context_tokens, checkpoint.end_ids)
    except InvalidRequest as error:
        raise ModelLoadFailed(f"{card.id}: no conversation can be written: {error}") from error
    compare_with_template(writer, tokenizer, card.id)
    return writer


def _context(checkpoint: Checkpoint, wanted: int | None) -> int:
    if wanted is not None and wanted > checkpoint.context_tokens:
        logger.warning(
            "the model reads %s tokens at most, not %s",
            checkpoint.context_tokens,
            wanted,
            extra={"model": checkpoint.card.id},
        )
    return min(wanted or checkpoint.context_tokens, checkpoint.context_tokens)
