"""Whether an engine still works, asked with a question that no user can choose."""

import logging

from inference.engine import ChatMessage, CompletionRequest, Engine, Sampling

logger = logging.getLogger(__name__)

PROBE = CompletionRequest((ChatMessage("user", "سلام"),), Sampling(max_new_tokens=1))


def still_works(engine: Engine) -> bool:
    """Let the engine make one token. What it raises is logged."""
    try:
        for _ in engine.submit(PROBE):
            pass
    except Exception:  # noqa: BLE001 - whatever an engine does, it does not work
        logger.exception("the engine fails a probe", extra={"model": engine.model_id})
        return False
    return True
