"""What `mersal models` prints: the table, one card in full, JSON, and the table of the docs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from inference.cards import ModelCard
from inference.engine import Sampling
from inference.machine import Memory
from inference.memory import (
    QUANTIZATIONS,
    Quantization,
    fits,
    kv_bytes_per_token,
    needed_bytes,
    shape_of,
    weights_bytes,
)

_ARABIZI = {
    "convert": "put into Arabic letters before the model reads it",
    "keep": "read as it is written",
}
COLUMNS: dict[Quantization, str] = {"none": "16 bit", "8bit": "8 bit", "4bit": "4 bit"}


def models_table(cards: Sequence[ModelCard], memory: Memory) -> str:
    """A line for each model: what it needs at each quantization, and whether that is free."""
    head = ("id", "size", "context", *COLUMNS.values(), "about")
    rows = [head]
    for card in cards:
        needs = [_needs(card, quantization, memory) for quantization in QUANTIZATIONS]
        rows.append((card.id, _size(card), _context(card), *needs, card.description))
    where = "1 GPU" if memory.gpus else "no GPU"
    if memory.gpus > 1:
        where = f"the roomiest of {memory.gpus} GPUs"
    return "\n".join(
        [
            *_aligned(rows),
            "",
            "16, 8, 4 bit: memory for the weights, one full conversation and the libraries;",
            f"+ fits into what is free here, {_gb(memory.free_bytes)} ({where}), - does not.",
            "`mersal models ID` shows one in full; `mersal up --model ID` runs it.",
        ]
    )


def models_markdown(cards: Sequence[ModelCard]) -> str:
    """The table of docs/models.md: the models of the catalog that have weights to fetch."""
    lines = [
        "| Model | For | Languages | Context | Size | 16 bit | 8 bit | 4 bit | A token | Licence |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for card in cards:
        if not card.hub:
            continue
        needs = [_gb(needed_bytes(card, quantization)) for quantization in QUANTIZATIONS]
        cells = (
            f"[`{card.id}`](https://huggingface.co/{card.hub})",
            card.description,
            _languages(card),
            f"{card.context_tokens:,}",
            _size(card),
            *needs,
            f"{(kv_bytes_per_token(card) or 0) / 1e6:.2f} MB",
            card.licence,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def model_page(card: ModelCard, memory: Memory) -> str:
    """One card in full."""
    facts = [
        ("id", card.id),
        ("name", card.name),
        ("about", card.description),
        ("also called", ", ".join(card.names[1:])),
        ("source", card.source),
        ("revision", card.revision or ("main" if card.hub else "")),
        ("access", {"no": "open", "yes": "gated", "unclear": "may be gated"}[card.gated]),
        ("engine", card.engine),
        ("servers", ", ".join(card.remote.endpoints) if card.remote else ""),
        ("architecture", card.architecture),
        ("made from", card.base),
        ("numbers", card.dtype),
        ("size", _size(card)),
        ("context", f"{card.context_tokens} tokens" if card.context_tokens else ""),
        ("languages", ", ".join(card.languages)),
        ("tasks", _tasks(card)),
        ("arabizi", _ARABIZI[card.arabizi]),
        ("disclaimer", "once a conversation" if card.disclaimer else ""),
        ("prompt", card.prompt_format),
        ("answer ends", ", ".join(card.end_tokens)),
        ("sampling", _sampling(card.sampling)),
        *((COLUMNS[each], _needs_in_full(card, each, memory)) for each in QUANTIZATIONS),
        ("a token", f"{kv_bytes_per_token(card)} bytes" if kv_bytes_per_token(card) else ""),
        ("licence", card.licence),
        ("notes", card.notes),
    ]
    lines = _aligned([(name, value) for name, value in facts if value])
    for title, entries in (
        ("the licence demands", card.licence_duties),
        ("made for", card.intended),
        ("not for", card.prohibited),
        ("to know", card.quirks),
        *((f"system text ({language})", (text,)) for language, text in card.system.items()),
    ):
        if entries:
            lines += ["", f"{title}:", *(f"  - {entry}" for entry in entries)]
    return "\n".join(lines)


def models_json(cards: Sequence[ModelCard], memory: Memory) -> str:
    """The cards as a JSON array, with bytes of memory, and whether they are free here."""
    return json.dumps([_as_object(card, memory) for card in cards], ensure_ascii=False, indent=2)


def _as_object(card: ModelCard, memory: Memory) -> dict[str, object]:
    values: dict[str, object] = asdict(card)
    if isinstance(card.folder, Path):
        values["folder"] = str(card.folder)
    values["memory"] = {
        quantization: {
            "weights_bytes": weights_bytes(card, quantization),
            "needed_bytes": needed_bytes(card, quantization),
            "fits": fits(card, quantization, memory.free_bytes),
        }
        for quantization in QUANTIZATIONS
    }
    values["kv_bytes_per_token"] = kv_bytes_per_token(card)
    return values


def _needs(card: ModelCard, quantization: Quantization, memory: Memory) -> str:
    mark = {True: " +", False: " -", None: ""}[fits(card, quantization, memory.free_bytes)]
    return _gb(needed_bytes(card, quantization)) + mark


def _needs_in_full(card: ModelCard, quantization: Quantization, memory: Memory) -> str:
    weights, needed = weights_bytes(card, quantization), needed_bytes(card, quantization)
    if weights is None or needed is None:
        return ""
    here = "fits here" if needed <= memory.free_bytes else "does not fit here"
    return f"weights {_gb(weights)}, with a full conversation {_gb(needed)}: {here}"


def _sampling(sampling: Sampling) -> str:
    """What is on; JSON writes a list of stop strings as people do."""
    usual = asdict(Sampling())
    return ", ".join(
        f"{name} {json.dumps(value, ensure_ascii=False)}"
        for name, value in asdict(sampling).items()
        if value != usual[name] or name in ("temperature", "max_new_tokens")
    )


def _size(card: ModelCard) -> str:
    shape = shape_of(card)
    if shape is None:
        return ""
    count = shape.parameters
    return f"{count / 1e9:.1f}B" if count >= 1e8 else f"{count / 1e6:.1f}M"


def _context(card: ModelCard) -> str:
    return str(card.context_tokens) if card.context_tokens else ""


def _languages(card: ModelCard) -> str:
    return " ".join(card.languages)


def _tasks(card: ModelCard) -> str:
    among = f" (among {', '.join(card.translates)})" if card.translates else ""
    return ", ".join(task + among * (task == "translate") for task in card.tasks) or "none"


def _gb(count: int | None) -> str:
    return "" if count is None else f"{count / 1e9:.1f} GB"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
