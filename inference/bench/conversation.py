"""The second turn of a long conversation: how soon it begins, with and without what is kept."""

import random
from dataclasses import dataclass

from inference.bench.generate_peers import GeneratePeer
from inference.bench.networks import Network
from inference.bench.slot_peer import SlotPeer
from inference.bench.words import to_text
from inference.bench.workload import Answer, Request, draw_tokens

ANSWER_TOKENS = 32
QUESTION_TOKENS = 30
SHOWN_TOKENS = 8
"""Of the second answer; only its first one is timed."""


@dataclass(frozen=True, slots=True)
class SecondTurn:
    """Nanoseconds until its first token came: after the first turn (`reused_ns`), of another
    conversation just as long that the engine never saw (`cold_ns`), and by `generate`.

    `tokens` has the whole prompt, `reused_tokens` what of it was not computed again; `equal`:
    the answer was that of `generate`.
    """

    tokens: int
    reused_tokens: int
    reused_ns: int
    cold_ns: int
    generate_ns: int
    equal: bool


def measure_second_turn(
    seed: str, network: Network, ours: SlotPeer, generate: GeneratePeer, history_tokens: int
) -> SecondTurn:
    """`history_tokens` were said in the first turn."""
    chance = random.Random(seed)

    def draw(count: int) -> tuple[int, ...]:
        return draw_tokens(chance, count, network.shape.vocabulary)

    unseen = (history_tokens - ANSWER_TOKENS, ANSWER_TOKENS, QUESTION_TOKENS)
    cold = ours.answer_turn([to_text(draw(count)) for count in unseen], SHOWN_TOKENS)

    question, then = draw(history_tokens - ANSWER_TOKENS), draw(QUESTION_TOKENS)
    first = ours.answer_turn([to_text(question)], ANSWER_TOKENS)
    reused_before = ours.reused_tokens
    texts = [to_text(tokens) for tokens in (question, first.tokens, then)]
    reused = ours.answer_turn(texts, SHOWN_TOKENS)

    prompt = question + first.tokens + then
    expected = generate.answer([Request(prompt, SHOWN_TOKENS)], 1)[0]
    return SecondTurn(
        tokens=len(prompt),
        reused_tokens=ours.reused_tokens - reused_before,
        reused_ns=_until_first(reused),
        cold_ns=_until_first(cold),
        generate_ns=_until_first(expected),
        equal=reused.tokens == expected.tokens,
    )


def _until_first(answer: Answer) -> int:
    return answer.came_ns[0] - answer.asked_ns
