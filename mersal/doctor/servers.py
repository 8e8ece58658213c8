"""Other servers that compute the model: whether they answer."""

import asyncio
from collections.abc import Iterator

from broker.settings import Settings
from inference.cards import ModelCard
from inference.remote.endpoint import Endpoint
from inference.remote.endpoints import Endpoints
from inference.remote.failures import Failure
from inference.remote.options import RemoteOptions
from mersal.doctor.finding import Finding, fail, ok
from workers.model import remote_options


def check_servers(card: ModelCard, settings: Settings) -> Iterator[Finding]:
    """One finding for each server of a card of the "openai" engine."""
    for server, trouble in asyncio.run(_ask(remote_options(card, settings))):
        if trouble is None:
            yield ok("server", f"{server.url} answers")
            continue
        why = ": ".join(filter(None, (trouble.reason, trouble.detail)))
        yield fail("server", f"{server.url}: {why}", "docs/remote.md tells what to do")


async def _ask(options: RemoteOptions) -> list[tuple[Endpoint, Failure | None]]:
    servers = Endpoints(options)
    troubles = await asyncio.gather(*map(_trouble_of, servers.all))
    await servers.close()
    return list(zip(servers.all, troubles, strict=True))


async def _trouble_of(server: Endpoint) -> Failure | None:
    try:
        await server.models()
    except Failure as failure:
        return failure
    return None
