"""From a request's messages to the token ids that a model reads."""

import logging
from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

from inference.encoding import PromptEncoder
from inference.engine import ChatMessage, CompletionRequest
from inference.formats import PromptFormat
from inference.history import Fit, fit, read_conversation

logger = logging.getLogger(__name__)

_BENIGN = (
    ChatMessage("user", "سلام، شحال الثمن؟"),
    ChatMessage("assistant", "80 درهم."),
    ChatMessage("user", "Merci, et l'été ? Ok 😊"),
)
_ALL_ROLES = (ChatMessage("system", "."), *_BENIGN)


class PromptWriter:
    """Writes prompts for one model. Safe to use from any thread."""

    def __init__(
        self,
        prompt_format: PromptFormat,
        tokenizer: PreTrainedTokenizerBase,
        context_tokens: int,
        end_ids: frozenset[int],
    ) -> None:
        """`end_ids` are those that the checkpoint names; the format's own is added."""
        self._format = prompt_format
        self._encoder = PromptEncoder(tokenizer, prompt_format.render(_ALL_ROLES))
        bos = tokenizer.bos_token_id if prompt_format.adds_bos else None
        self._before = [bos] if isinstance(bos, int) else []
        self._context_tokens = context_tokens
        self._end_ids = end_ids | self._answer_end()

    @property
    def context_tokens(self) -> int:
        return self._context_tokens

    @property
    def end_ids(self) -> frozenset[int]:
        """The tokens that end an answer."""
        return self._end_ids

    @property
    def control_ids(self) -> frozenset[int]:
        """Ids that only the template may produce."""
        return self._encoder.control_ids

    def write(self, request: CompletionRequest) -> Fit:
        """The prompt that fits the window. Raises InvalidRequest or PromptTooLong."""
        conversation = read_conversation(request.messages)
        return fit(
            conversation,
            self.encode,
            self._context_tokens,
            request.sampling.max_new_tokens,
            cuts=request.cuts,
        )

    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        return self._before + self._encoder.encode(self._format.render(messages))

    def _answer_end(self) -> frozenset[int]:
        """The control token that the format writes after an answer, if it does."""
        spans = self._format.render(_BENIGN)
        after = next(i for i, span in enumerate(spans) if span.text == _BENIGN[1].content) + 1
        ids = self._encoder.encode(spans[after:])
        return frozenset([i for i in ids if i in self._encoder.control_ids][:1])


def compare_with_template(
    writer: PromptWriter, tokenizer: PreTrainedTokenizerBase, model: str
) -> bool:
    """Whether a harmless conversation has the ids that the checkpoint's own template gives.

    A difference is logged, with the model's id. True when the checkpoint has no template.
    """
    if not tokenizer.chat_template:
        return True
    theirs = tokenizer.apply_chat_template(
        [{"role": message.role, "content": message.content} for message in _BENIGN],
        add_generation_prompt=True,
        return_dict=False,
    )
    ours = writer.encode(_BENIGN)
    if ours != theirs:
        logger.warning(
            "our prompt differs from the checkpoint's own template: %s and %s tokens",
            len(ours),
            len(theirs),
            extra={"model": model},
        )
    return ours == theirs
