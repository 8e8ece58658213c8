"""What a slot engine can say of itself, for metrics and benchmarks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """`running` rows are computed side by side, `waiting` ones not yet. `steps`, `fed_tokens`
    (through the model), `reused_tokens` (found in the pool instead), `forgotten` conversations
    and `shrinks` (steps that ran out of memory) count since the start. `kept` conversations take
    `kept_bytes` of the pool's `pool_bytes`."""

    running: int
    waiting: int
    steps: int
    fed_tokens: int
    reused_tokens: int
    kept: int
    kept_bytes: int
    forgotten: int
    shrinks: int
    pool_bytes: int
