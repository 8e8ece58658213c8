"""`python -m inference.demo.train`: train the demo model from scratch, on a CPU.

Writes the checkpoint to `inference/demo/model/` and the run's figures to its `report.json`.
"""

import argparse
import json
import math
import time
from itertools import islice
from pathlib import Path
from random import Random

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch import nn
from torch.func import functional_call
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader
from transformers import Gemma2Config, Gemma2ForCausalLM, GenerationConfig

from inference.demo.bag import read_bag
from inference.demo.corpus import read_corpus
from inference.demo.dialogues import CAREFUL, Composer
from inference.demo.embeddings import Embeddings
from inference.demo.examples import Batch, Batches, Encoder
from inference.demo.muon import Muon
from inference.demo.ngrams import Teacher
from inference.demo.tokenizer import CONTEXT_TOKENS, VOCABULARY, train_tokenizer, wrap

MODEL = Path(__file__).parent / "model"
SEED = 20261120
THREADS = 2
STEPS = 5000
LAST_STEPS = 700
LAST_SHORT_SHARE = 0.5
LAST_RATE = 0.3
BATCH_TOKENS = 3072
MUON_RATE = 5e-3
ADAM_RATE = 3e-3
# Of what tokens share: some fifteen parts of a token move together.
PARTS_RATE = 1e-3
WARMUP_STEPS = 60
WEIGHT_DECAY = 0.1
INTENT_WEIGHT = 0.5
REST_WEIGHT = 0.25
SOFT_CAP = 30.0
BAG_STEPS = 1000


def new_model() -> Gemma2ForCausalLM:
    """Gemma 2 in small: grouped-query attention, soft caps, a window on every other layer."""
    config = Gemma2Config(
        vocab_size=VOCABULARY,
        hidden_size=96,
        intermediate_size=896,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        query_pre_attn_scalar=32,
        final_logit_softcapping=SOFT_CAP,
        sliding_window=256,
        max_position_embeddings=CONTEXT_TOKENS,
        pad_token_id=0,
        eos_token_id=[1, 4],
        bos_token_id=2,
    )
    return Gemma2ForCausalLM(config)


class Learner(nn.Module):
    """The model with what is thrown away after training.

    That is a second reading of its last layer (which intent, in whatever language: the
    languages learn from each other through it), and the parts of its embeddings.
    """

    def __init__(self, model: Gemma2ForCausalLM, embeddings: Embeddings, intents: int) -> None:
        super().__init__()
        self.model = model
        self.embeddings = embeddings
        self.intent = nn.Linear(model.config.hidden_size, intents)
        model.model.embed_tokens.weight.requires_grad_(False)

    def forward(self, batch: Batch) -> torch.Tensor:
        """The loss. Logits are made for the places that count alone: they are much of the work."""
        table = self.embeddings()
        hidden = functional_call(
            self.model.model,
            {"embed_tokens.weight": table},
            kwargs={"input_ids": batch.ids, "use_cache": False},
        ).last_hidden_state
        chosen = hidden[torch.arange(len(hidden)), batch.choices]
        logits = _logits(chosen, table)
        wanted = torch.zeros_like(logits).scatter_add_(1, batch.firsts, batch.likely)
        loss = functional.cross_entropy(logits, wanted)
        loss = loss + INTENT_WEIGHT * functional.cross_entropy(
            self.intent(chosen).float(), batch.likely
        )
        if batch.counts.any():
            rest = _logits(hidden[batch.counts], table)
            loss = loss + REST_WEIGHT * functional.cross_entropy(rest, batch.targets[batch.counts])
        return loss

    def finish(self) -> None:
        """Give the model its finished embeddings."""
        with torch.no_grad():
            self.model.model.embed_tokens.weight.copy_(self.embeddings())


def _logits(hidden: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    logits = functional.linear(hidden, table).float()
    return SOFT_CAP * torch.tanh(logits / SOFT_CAP)


def _optimizers(learner: Learner) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    """Muon for the layers' matrices (some five times fewer steps), AdamW for all else."""
    matrices = [weight for weight in learner.model.model.layers.parameters() if weight.dim() == 2]
    parts = list(learner.embeddings.parameters())
    taken = {id(weight) for weight in (*matrices, *parts)}
    others = [w for w in learner.parameters() if w.requires_grad and id(w) not in taken]
    groups = [{"params": others, "lr": ADAM_RATE}, {"params": parts, "lr": PARTS_RATE}]
    return (
        Muon(matrices, lr=MUON_RATE, weight_decay=WEIGHT_DECAY),
        torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    )


def _rate(step: int, steps: int) -> float:
    """Share of the peak rate: a short warm-up, then half a cosine down to a hundredth."""
    warmup = min(WARMUP_STEPS, steps // 10 + 1)
    if step < warmup:
        return (step + 1) / warmup
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))


def _bfloat16_pays() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32; many are far slower."""
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        left, right = torch.ones(2048, 192, dtype=dtype), torch.ones(192, 768, dtype=dtype)
        left @ right
        started = time.perf_counter()
        for _ in range(5):
            left @ right
        seconds[dtype] = time.perf_counter() - started
    return seconds[torch.bfloat16] < seconds[torch.float32]


def train(steps: int, threads: int = THREADS, model_folder: Path = MODEL) -> None:
    """Train for `steps` batches and save; the same seed gives the same batches."""
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    corpus = read_corpus().part(held_back=False)
    tokenizer = train_tokenizer(corpus, Random(SEED))
    rng = Random(SEED + 1)
    teacher = Teacher(corpus, rng)
    encoder = Encoder(tokenizer, corpus, rng)
    model = new_model()
    texts = [tokenizer.decode([token]) for token in range(VOCABULARY)]
    embeddings = Embeddings(texts, model.config.hidden_size)
    source = Batches(Composer(corpus, rng), encoder, teacher, rng, BATCH_TOKENS)
    read_bag(source, embeddings, len(corpus.intents), BAG_STEPS)
    embeddings.scale(model.config.initializer_range)
    learner = Learner(model, embeddings, len(corpus.intents)).train()
    curve, seconds, examples = _run(learner, source, steps)
    whole = Encoder(tokenizer, corpus, rng, short=LAST_SHORT_SHARE)
    careful = Batches(Composer(corpus, rng, CAREFUL), whole, teacher, rng, BATCH_TOKENS)
    _, last_seconds, last_examples = _run(learner, careful, LAST_STEPS, LAST_RATE)
    learner.finish()
    model_folder.mkdir(parents=True, exist_ok=True)
    _save(model, model_folder)
    wrap(tokenizer).save_pretrained(model_folder)
    report = {
        "seed": SEED,
        "how": f"{steps:,} steps, then {LAST_STEPS} slower ones with more distress, earlier turns "
        "and whole answers.",
        "minutes": round((seconds + last_seconds) / 60, 1),
        "threads": threads,
        "dialogues_seen": examples + last_examples,
        "parameters": model.num_parameters(),
        "training_phrasings": len(corpus.asks),
        "loss": curve,
    }
    text = json.dumps({"training": report}, indent=1) + "\n"
    (model_folder / "report.json").write_text(text, encoding="utf-8")


def _run(
    learner: Learner, source: Batches, steps: int, peak: float = 1.0
) -> tuple[dict[str, float], float, int]:
    """The loss at forty points of the run, its seconds, and how many dialogues it saw."""
    half = _bfloat16_pays()
    optimizers = _optimizers(learner)
    schedules = [LambdaLR(each, lambda step: peak * _rate(step, steps)) for each in optimizers]
    curve: dict[str, float] = {}
    smooth, examples, started = 0.0, 0, time.perf_counter()
    loader = DataLoader(source, batch_size=None, num_workers=1, prefetch_factor=16)
    with _progress() as progress:
        task = progress.add_task("training", total=steps, loss=0.0)
        for step, batch in enumerate(islice(loader, steps), start=1):
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                loss = learner(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            for optimizer, schedule in zip(optimizers, schedules, strict=True):
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                schedule.step()
            examples += len(batch.ids)
            smooth = loss.item() if step == 1 else 0.98 * smooth + 0.02 * loss.item()
            progress.update(task, advance=1, loss=smooth)
            if step % max(1, steps // 40) == 0:
                curve[str(step)] = round(smooth, 3)
                progress.console.print(f"step {step}: loss {smooth:.3f}")
    return curve, time.perf_counter() - started, examples


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}  loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
    )


def _save(model: Gemma2ForCausalLM, folder: Path) -> None:
    """In bfloat16, so the file is half the size; generation stops at either end token."""
    model.train(False).to(torch.bfloat16)
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        do_sample=False,
        max_new_tokens=96,
        bos_token_id=2,
        pad_token_id=0,
        eos_token_id=[1, 4],
    )
    model.save_pretrained(folder)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS, help="batches to train on")
    parser.add_argument("--threads", type=int, default=THREADS, help="no more than are idle")
    parser.add_argument("--out", type=Path, default=MODEL, help="folder of the checkpoint")
    arguments = parser.parse_args()
    train(arguments.steps, arguments.threads, arguments.out)


if __name__ == "__main__":
    main()
