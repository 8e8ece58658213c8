"""What a server must show before conversations go to it: that it has the model, and works."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from inference.engine import ChatMessage
from inference.remote.endpoint import Endpoint
from inference.remote.failures import Failure, Misfit
from inference.remote.model import RemoteModel

PROBE = (ChatMessage("user", "سلام"),)


async def greet(model: RemoteModel, server: Endpoint) -> None:
    """Learn the model's name and window, and let the server make one token, with all that a
    request has in it: so a wrong key, path or field is found before a user finds it.

    Raises Failure.
    """
    models = await server.models()
    server.model = name_at(model, models)
    found = next((one for one in models if one.get("id") == server.model), {})
    window = found.get("max_model_len")  # vLLM's
    server.context_tokens = window if isinstance(window, int) else 0
    prompt = model.prompts.write(PROBE)
    sampling = replace(model.card.sampling, min_new_tokens=0)
    try:
        async with (
            asyncio.timeout(model.options.start_s),  # it may have to load the model first
            server.stream(model.prompts.path, model.body(server, prompt, sampling, 1)) as chunks,
        ):
            async for chunk in chunks:
                if chunk.usage:
                    model.estimate.learn(prompt.text_bytes, chunk.usage.prompt_tokens)
    except TimeoutError:
        raise Failure("no first token in time") from None


def name_at(model: RemoteModel, models: Sequence[Mapping[str, object]]) -> str:
    """What the server calls the model: as we are told, as the card knows it, or its only one.

    Raises Misfit when that cannot be told.
    """
    if model.options.serving.model:
        return model.options.serving.model
    names = [name for one in models if isinstance(name := one.get("id"), str)]
    ours = {name.casefold() for name in (*model.card.names, str(model.card.folder or ""))}
    for name in names:
        if name.casefold() in ours:
            return name
    if len(names) == 1:
        return names[0]
    if not names:
        return model.card.source or model.card.id
    served = f"it serves {', '.join(names)}; set the model's name there"
    raise Misfit(f"which model is {model.card.id!r}?", served)
