"""Tiny tokenizers of each true kind, trained on a few lines in a tenth of a second.

The classes are transformers' own for these models, so pre-tokenization, byte fallback, prefix
spaces and added tokens are those of the real checkpoints; only the vocabulary is small. Control
tokens have their true ids. Each call makes a fresh one, because encoding sets flags on it.

    atlas_tokenizer()    Gemma: SentencePiece BPE without a prefix space; Gemma's chat template
    allam_tokenizer()    Llama: SentencePiece BPE, no <s> of its own; ALLaM's chat template
    acegpt_tokenizer()   Llama 2: SentencePiece BPE, puts <s> first; no template
    jais_tokenizer()     GPT-2: byte-level BPE, <|endoftext|> is 0; no template
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import cast

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AddedToken,
    GemmaTokenizer,
    GPT2Tokenizer,
    LlamaTokenizer,
    PreTrainedTokenizerFast,
)

CORPUS = (
    "سلام كيف داير؟ لاباس عليك، الحمد لله. شحال الثمن ديال هاد الطاجين؟",
    "مرحبا بك في حانوت النسيم، مدينة الرباط القديمة.",
    "salam khoya, bch7al had tajin? wach kayn livraison l casa?",
    "Hello, what can I do for you today? The shop opens at nine.",
    "Bonjour, à quelle heure ouvrez-vous ? Merci et à bientôt.",
    "[INST] <<SYS>>\nأنت مساعد مفيد\n<</SYS>>\n\nuser model [/INST]",
    "### Instruction: ...\n### Input: [|Human|] ...\n### Response: [|AI|] ...",
)
VOCABULARY = 900

Merges = list[str]  # so transformers annotates them; pairs in truth

GEMMA_TEMPLATE = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not "
    "supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != "
    "(loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate "
    "user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}"
    "{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
)
ALLAM_TEMPLATE = (
    "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}"
    "{% set system = messages[0]['content'] | trim %}{% else %}{% set rest = messages %}"
    "{% set system = '' %}{% endif %}{% for message in rest %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate') }}{% endif %}"
    "{% if loop.index0 == 0 and system %}"
    "{% set content = '<<SYS>>\n' + system + '\n<</SYS>>\n\n' + message['content'] | trim %}"
    "{% else %}{% set content = message['content'] | trim %}{% endif %}"
    "{% if message['role'] == 'user' %}{{ bos_token + ' [INST] ' + content + ' [/INST]' }}"
    "{% else %}{{ ' ' + content + ' ' + eos_token }}{% endif %}{% endfor %}"
)


def atlas_tokenizer() -> PreTrainedTokenizerFast:
    """<start_of_turn> is 106, <end_of_turn> 107; runs of newlines and HTML tags are added
    tokens that are not special, as in the real one."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<2mass>", "[@BOS@]"]
    special += [f"<unused{i}>" for i in range(99)] + ["<start_of_turn>", "<end_of_turn>"]
    plain = ["\n", "\n\n", "\n\n\n", "▁▁", "▁▁▁", "<table>", "<h1>", "</h1>"]
    vocab, merges = _pieces((*special, *plain))
    tokenizer = GemmaTokenizer(vocab=vocab, merges=merges)
    turns = ("<start_of_turn>", "<end_of_turn>")
    tokenizer.add_tokens([_added(token, token in turns) for token in (*special[5:], *plain)])
    tokenizer.chat_template = GEMMA_TEMPLATE
    return tokenizer


def allam_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = _llama(add_bos_token=False)
    tokenizer.chat_template = ALLAM_TEMPLATE
    return tokenizer


def acegpt_tokenizer(legacy: bool = False) -> PreTrainedTokenizerFast:
    """`legacy`: a space before every stretch of text, not only before the first."""
    return _llama(add_bos_token=True, legacy=legacy)


def jais_tokenizer() -> PreTrainedTokenizerFast:
    vocab, merges = _bytes()
    return GPT2Tokenizer(vocab=dict(vocab), merges=list(merges))


def _llama(add_bos_token: bool, legacy: bool = False) -> PreTrainedTokenizerFast:
    vocab, merges = _pieces(("<unk>", "<s>", "</s>"))
    return LlamaTokenizer(
        vocab=dict(vocab), merges=list(merges), add_bos_token=add_bos_token, legacy=legacy
    )


def _added(text: str, special: bool) -> AddedToken:
    return AddedToken(text, special=special, normalized=False)


@cache
def _pieces(first: tuple[str, ...]) -> tuple[dict[str, int], Merges]:
    """A SentencePiece-like vocabulary: `first`, the 256 bytes, then pieces with "▁" for space."""
    backend = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    backend.normalizer = normalizers.Replace(" ", "▁")
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("▁?[^▁]+|▁"), "isolated")
    return _trained(backend, [*first, *(f"<0x{byte:02X}>" for byte in range(256))], [])


@cache
def _bytes() -> tuple[dict[str, int], Merges]:
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    return _trained(backend, ["<|endoftext|>"], pre_tokenizers.ByteLevel.alphabet())


def _trained(
    backend: Tokenizer, first: list[str], alphabet: Sequence[str]
) -> tuple[dict[str, int], Merges]:
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=first,
        initial_alphabet=list(alphabet),
        show_progress=False,
    )
    backend.train_from_iterator(CORPUS * 4, trainer)
    model = json.loads(backend.to_str())["model"]
    return model["vocab"], cast(Merges, [tuple(pair) for pair in model["merges"]])
