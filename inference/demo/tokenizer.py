"""The demo model's tokenizer: byte-level BPE, Gemma's control tokens and chat template.

Prompts are folded before they are cut (case, accents, vowel marks, hamza forms, letters
stretched three times and more), so the model need not learn those variants; answers are
learned as they are written.
"""

import copy
from collections.abc import Iterable
from random import Random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

from inference.demo.corpus import Corpus
from inference.demo.noise import add_noise

VOCABULARY = 16384
CONTEXT_TOKENS = 512
CONTROLS = ("<pad>", "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>")
CHAT_TEMPLATE = (
    "{{ bos_token }}"
    "{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}"
    "{% endif %}"
    "{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
# A word keeps its digits (ch7al, 3afak); space goes with the word that follows it.
_PIECES = r" ?[\p{L}\p{M}\p{N}]+| ?[^\s\p{L}\p{M}\p{N}]+|\s+"


def folding() -> normalizers.Normalizer:
    """What is done to a prompt before it is cut into tokens."""
    letters = (("ة", "ه"), ("ى", "ي"), ("ڭ", "ك"), ("گ", "ك"), ("ڤ", "ف"), ("پ", "ب"), ("ـ", ""))
    signs = (("’", "'"), ("؟", "?"), ("،", ","), ("؛", ";"))
    arabic_digits = tuple((chr(0x0660 + digit), str(digit)) for digit in range(10))
    return normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            *(normalizers.Replace(old, new) for old, new in letters + signs + arabic_digits),
            normalizers.Replace(Regex(r"(\p{L})(?=\1\1)"), ""),
            normalizers.Replace(Regex(r"([?!.])(?=\1)"), ""),
        ]
    )


def train_tokenizer(corpus: Corpus, rng: Random) -> Tokenizer:
    """A tokenizer from the phrasings of `corpus` (folded, with noise) and all answers."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[AddedToken(token, normalized=False, special=True) for token in CONTROLS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(corpus, rng), trainer)
    tokenizer.normalizer = folding()
    return tokenizer


def _texts(corpus: Corpus, rng: Random) -> Iterable[str]:
    fold = folding()
    yield from ["user\nmodel\n"] * 50
    for answer in corpus.answers:
        yield from (answer.text, answer.text, fold.normalize_str(answer.text))
        # the first word of an answer shall be one token, for with it the answer is chosen
        yield from [answer.text.split()[0]] * 300
    for ask in corpus.asks:
        yield fold.normalize_str(ask.text)
        yield fold.normalize_str(add_noise(ask.text, ask.language, rng))


def without_folding(tokenizer: Tokenizer) -> Tokenizer:
    """A copy that takes text as it is: for answers, which the model is to write well."""
    plain = copy.deepcopy(tokenizer)
    plain.normalizer = normalizers.Sequence([])
    return plain


def wrap(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """The form that transformers saves and loads."""
    wrapped = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<eos>",
        bos_token="<bos>",
        additional_special_tokens=["<start_of_turn>", "<end_of_turn>"],
        model_max_length=CONTEXT_TOKENS,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped
