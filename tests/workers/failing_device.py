"""A real worker on a real checkpoint whose device fails for good in the middle of an answer, unless
one has failed before.

python -m tests.workers.failing_device SETTINGS_JSON FILE_THAT_THE_DEAD_LEAVE
"""

import json
import sys
from pathlib import Path

from broker.settings import Settings
from inference.slots.engine import SlotEngine
from workers.model import selected_card
from workers.run import load_engine, serve_engine

GOOD_PASSES = 6


def break_device(engine: SlotEngine, grave: Path) -> None:
    """After some passes the pool's memory takes nothing any more, as after a fault on a GPU: torch
    refuses to write to tensors whose places are one and the same."""
    passes = 0

    def count(*_: object) -> None:
        nonlocal passes
        passes += 1
        if passes > GOOD_PASSES:
            grave.touch()
            layers = engine._runner.pool._layers
            for index, (keys, values) in layers.items():
                layers[index] = keys[:, :1].expand_as(keys), values[:, :1].expand_as(values)

    engine._runner._model.register_forward_pre_hook(count)


if __name__ == "__main__":
    settings, grave = Settings(**json.loads(sys.argv[1])), Path(sys.argv[2])
    card = selected_card(settings)
    engine = load_engine(card, settings)
    assert isinstance(engine, SlotEngine)
    if not grave.exists():
        break_device(engine, grave)
    serve_engine(engine, card, settings)
