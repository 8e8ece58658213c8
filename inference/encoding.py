"""Rendered prompts as token ids, such that user text never becomes a control token."""

import re
import threading
from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

from inference.errors import InvalidRequest
from inference.formats import Span


class PromptEncoder:
    """Encodes spans: control tokens by id where the template writes them, plain text elsewhere.

    Control tokens are those that the tokenizer flags special and, because checkpoints forget
    the flag, every other added token that the template uses, but for mere spaces and newlines.
    A prompt whose contents spell no control token is encoded in one piece, so it has exactly
    the ids that the tokenizer gives to the whole string. In any other prompt the text between
    two control tokens, template and contents together, is encoded by itself.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, template: Sequence[Span]) -> None:
        """`template` is any conversation rendered for this model, with every role in it."""
        self._tokenizer = tokenizer
        self._lock = threading.Lock()  # encoding sets flags on the shared Rust tokenizer
        written = "".join(span.text for span in template if span.control)
        self._controls = {
            token.content: token_id
            for token_id, token in tokenizer.added_tokens_decoder.items()
            if token.special or (_is_mark(token.content) and token.content in written)
        }
        self._control_ids = frozenset(self._controls.values())
        longest_first = sorted(self._controls, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    @property
    def control_ids(self) -> frozenset[int]:
        """Ids that only the template may produce."""
        return self._control_ids

    def encode(self, spans: Sequence[Span]) -> list[int]:
        """The token ids of a rendered prompt. Raises InvalidRequest for text it cannot write."""
        ids = self._encode_whole(spans)
        return self._encode_apart(spans) if ids is None else ids

    def _encode_whole(self, spans: Sequence[Span]) -> list[int] | None:
        """The ids of the whole string; None when it has other control tokens than the template.

        A content may bring some about without spelling them, where a normalizer has its say.
        """
        expected: list[int] = []
        for span in spans:
            found = [self._controls[match.group()] for match in self._pattern.finditer(span.text)]
            if found and not span.control:
                return None
            expected += found
        ids = self._tokenize("".join(span.text for span in spans), splits_controls=False)
        return ids if [i for i in ids if i in self._control_ids] == expected else None

    def _encode_apart(self, spans: Sequence[Span]) -> list[int]:
        ids: list[int] = []
        run = ""
        for span in spans:
            if not span.control:
                run += span.text
                continue
            for text, control_id in self._split(span.text):
                run += text
                if control_id is not None:
                    ids += self._encode_plain(run)
                    ids.append(control_id)
                    run = ""
        return ids + self._encode_plain(run)

    def _split(self, text: str) -> list[tuple[str, int | None]]:
        """Template text as (text, the control token after it or None)."""
        parts: list[tuple[str, int | None]] = []
        at = 0
        for match in self._pattern.finditer(text):
            parts.append((text[at : match.start()], self._controls[match.group()]))
            at = match.end()
        return [*parts, (text[at:], None)]

    def _encode_plain(self, text: str) -> list[int]:
        if not text:
            return []
        ids = self._tokenize(text)
        if self._control_ids.isdisjoint(ids):
            return ids
        return self._encode_broken(text)

    def _encode_broken(self, text: str) -> list[int]:
        """Encode with every control literal cut after its first character.

        Needed for added tokens that are not flagged special: the tokenizer joins those even
        when it is told to split special ones.
        """
        cuts = sorted({match.start() + 1 for match in self._pattern.finditer(text)})
        bounds = [0, *cuts, len(text)]
        ids: list[int] = []
        for start, end in zip(bounds, bounds[1:], strict=False):
            ids += self._tokenize(text[start:end]) if end > start else []
        if not self._control_ids.isdisjoint(ids):
            raise InvalidRequest("the text cannot be written without control tokens")
        return ids

    def _tokenize(self, text: str, splits_controls: bool = True) -> list[int]:
        with self._lock:
            return list(
                self._tokenizer.encode(
                    text, add_special_tokens=False, split_special_tokens=splits_controls
                )
            )


def _is_mark(text: str) -> bool:
    """Not so the runs of newlines and of SentencePiece's spaces that Gemma has as added tokens."""
    return len(text.strip(" \n\t\u2581")) > 1
