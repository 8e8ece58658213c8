"""Tiny checkpoints of true architecture, made once, and engines on them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from inference.catalog import ModelCard, PromptFormatName
from inference.loading import Checkpoint, load_checkpoint
from inference.options import LoadOptions
from inference.slots.engine import SlotEngine
from inference.slots.open import start_engine
from inference.slots.runner import ModelRunner

from .jais_checkpoint import write_jais

CPU = LoadOptions(device="cpu")

CORPUS = [
    "سلام كيف داير؟ لاباس عليك، الحمد لله. شحال الثمن ديال هاد الطاجين؟",
    "مرحبا بك في حانوت النسيم، مدينة الرباط القديمة.",
    "salam khoya, bch7al had tajin? wach kayn livraison l casa?",
    "Hello, what can I do for you today? The shop opens at nine.",
    "Bonjour, à quelle heure ouvrez-vous ? Merci et à bientôt.",
]

GEMMA_TEMPLATE = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not "
    "supported') }}{% endif %}{% for message in messages %}{% if message['role'] == 'assistant' %}"
    "{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
LLAMA_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}</s>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make_tokenizer(special: list[str], template: str, **roles: str) -> PreTrainedTokenizerFast:
    """A byte-level BPE trained on a few lines; the first special tokens have the first ids."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=480,
        special_tokens=[AddedToken(text, special=True) for text in special],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(CORPUS * 4, trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **roles)
    tokenizer.chat_template = template
    return tokenizer


def gemma_tokenizer() -> PreTrainedTokenizerFast:
    return make_tokenizer(
        ["<pad>", "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>"],
        GEMMA_TEMPLATE,
        bos_token="<bos>",
        eos_token="<eos>",
        pad_token="<pad>",
    )


def llama_tokenizer() -> PreTrainedTokenizerFast:
    """`<|im_start|>` is added without the special flag, as some checkpoints have it."""
    tokenizer = make_tokenizer(
        ["<pad>", "<s>", "</s>"],
        LLAMA_TEMPLATE,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
    )
    tokenizer.add_tokens([AddedToken("<|im_start|>", special=False)])
    return tokenizer


def gemma_model(vocabulary: int) -> PreTrainedModel:
    """Four layers, every other one with a window far shorter than the tests' prompts."""
    config = Gemma2Config(
        vocab_size=vocabulary,
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        query_pre_attn_scalar=16,
        max_position_embeddings=256,
        sliding_window=12,
        attn_logit_softcapping=2.0,
        final_logit_softcapping=30.0,
        pad_token_id=0,
        eos_token_id=[1, 4],
        bos_token_id=2,
        initializer_range=0.35,
        tie_word_embeddings=False,  # untrained and tied, it would say one token for ever
    )
    return Gemma2ForCausalLM(config)


def llama_model(vocabulary: int) -> PreTrainedModel:
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        initializer_range=0.25,
    )
    return LlamaForCausalLM(config)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def save(folder: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> Path:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def gemma_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(7)
    tokenizer = gemma_tokenizer()
    return save(tmp_path_factory.mktemp("gemma"), gemma_model(len(tokenizer)), tokenizer)


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(7)
    tokenizer = llama_tokenizer()
    return save(tmp_path_factory.mktemp("llama"), llama_model(len(tokenizer)), tokenizer)


def card_of(folder: Path, prompt_format: str) -> ModelCard:
    return ModelCard(
        id=folder.name,
        name=folder.name,
        description="tiny",
        licence="none",
        folder=folder,
        prompt_format=cast(PromptFormatName, prompt_format),
    )


@pytest.fixture(scope="session")
def gemma(gemma_folder: Path) -> Checkpoint:
    return load_checkpoint(card_of(gemma_folder, "gemma"), CPU)


@pytest.fixture(scope="session")
def llama(llama_folder: Path) -> Checkpoint:
    return load_checkpoint(card_of(llama_folder, "template"), CPU)


@pytest.fixture(scope="session")
def jais(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """Heads that are no power of two; the tokenizer is another model's, which does not matter."""
    torch.manual_seed(7)
    tokenizer = llama_tokenizer()
    folder = write_jais(tmp_path_factory.mktemp("jais"), heads=5, vocabulary=len(tokenizer))
    tokenizer.save_pretrained(folder)
    return load_checkpoint(card_of(folder, "template"), CPU)


@pytest.fixture(scope="session", params=["gemma", "llama", "jais"])
def checkpoint(request: pytest.FixtureRequest) -> Checkpoint:
    return cast(Checkpoint, request.getfixturevalue(request.param))


def kv_bytes(checkpoint: Checkpoint, tokens: int) -> int:
    """What the keys and values of so many tokens take."""
    return tokens * ModelRunner(checkpoint.model).pool.bytes_per_token


EngineMaker = Callable[..., SlotEngine]


@pytest.fixture
def start() -> Iterator[EngineMaker]:
    """Starts engines that are closed at the test's end; small steps, so that prompts split."""
    engines: list[SlotEngine] = []

    def start_one(checkpoint: Checkpoint, slots: int = 4, step_tokens: int = 24) -> SlotEngine:
        engines.append(start_engine(checkpoint, slots, step_tokens=step_tokens))
        return engines[-1]

    yield start_one
    for engine in engines:
        engine.close()
