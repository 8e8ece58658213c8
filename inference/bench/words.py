"""A tokenizer of numbered words: what is said is known to the token, whatever the vocabulary."""

from collections.abc import Iterable

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

TEMPLATE = "{% for message in messages %}{{ message['content'] }} {% endfor %}"


def word_tokenizer(vocabulary: int) -> PreTrainedTokenizerFast:
    """Token 17 is the word `t17`; a conversation is its words, without any marks."""
    words = {_word(token): token for token in range(vocabulary)}
    backend = Tokenizer(models.WordLevel(words, unk_token=_word(0)))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend)  # type: ignore[no-untyped-call]
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def to_text(tokens: Iterable[int]) -> str:
    return " ".join(map(_word, tokens))


def to_tokens(text: str) -> tuple[int, ...]:
    return tuple(int(word[1:]) for word in text.split())


def _word(token: int) -> str:
    return f"t{token}"
