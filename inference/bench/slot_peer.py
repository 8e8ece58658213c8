"""Our engine: conversations of their own threads, as a worker has them, on one engine."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

from transformers import PreTrainedModel

from inference.bench.networks import Network
from inference.bench.words import to_text, to_tokens, word_tokenizer
from inference.bench.workload import Answer, Request
from inference.cards import ModelCard
from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.loading import Checkpoint
from inference.options import DecodeChoice
from inference.slots import attention
from inference.slots.open import start_engine


class SlotPeer:
    """Prompts are written, texts assembled and pieces handed over as for people."""

    name = "mersal"

    def __init__(
        self,
        network: Network,
        model: PreTrainedModel,
        slots: int,
        pool_tokens: int,
        decode: DecodeChoice,
    ) -> None:
        """The pool holds `pool_tokens` of keys and values."""
        shape = network.shape
        card = ModelCard(network.name, network.name, "random weights", "none")
        tokenizer = word_tokenizer(shape.vocabulary)
        checkpoint = Checkpoint(card, model, tokenizer, frozenset(), network.context_tokens)
        per_token = 2 * shape.layers * shape.kv_heads * shape.head_dim * model.dtype.itemsize
        self._model = model
        self._engine = start_engine(
            checkpoint, slots, kv_bytes=pool_tokens * per_token, decode=decode
        )

    @property
    def reused_tokens(self) -> int:
        """Tokens whose keys and values were found in the pool, so far."""
        return self._engine.figures.reused_tokens

    def answer(self, requests: Sequence[Request], concurrency: int) -> list[Answer]:
        self._model.set_attn_implementation(attention.NAME)
        answers = [Answer() for _ in requests]
        waiting: SimpleQueue[tuple[Request, Answer]] = SimpleQueue()
        for pair in zip(requests, answers, strict=True):
            waiting.put(pair)

        def converse(user: int) -> None:
            while True:
                try:
                    request, answer = waiting.get_nowait()
                except Empty:
                    return
                self._ask([to_text(request.ids)], request.new_tokens, answer, str(user))

        with ThreadPoolExecutor(concurrency) as threads:
            list(threads.map(converse, range(concurrency)))
        return answers

    def answer_turn(self, texts: Sequence[str], new_tokens: int) -> Answer:
        """The next answer of a conversation: question, answer, question."""
        self._model.set_attn_implementation(attention.NAME)
        answer = Answer()
        self._ask(texts, new_tokens, answer, "")
        return answer

    def close(self) -> None:
        self._engine.close()

    def _ask(self, texts: Sequence[str], new_tokens: int, answer: Answer, user: str) -> None:
        messages = tuple(
            ChatMessage("assistant" if index % 2 else "user", text)
            for index, text in enumerate(texts)
        )
        answer.ask()
        stream = self._engine.submit(
            CompletionRequest(messages, Sampling(max_new_tokens=new_tokens), user)
        )
        for piece in stream:
            answer.come(piece.tokens - len(answer.came_ns))
        answer.tokens = to_tokens(stream.completion.text)
