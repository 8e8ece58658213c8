"""The queues that the benchmark knows, by name; each is imported only when it is wanted."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

from broker.errors import BrokerError
from mersal.bench.peer import Peer

PEERS: Mapping[str, str] = MappingProxyType(
    {
        "mersal": "mersal.bench.mersal_peer:MersalPeer",
        "celery": "mersal.bench.celery_peer:CeleryPeer",
        "taskiq": "mersal.bench.taskiq_peer:TaskiqPeer",
        "dramatiq": "mersal.bench.dramatiq_peer:DramatiqPeer",
        "streams": "mersal.bench.streams_peer:StreamsPeer",
    }
)


class PeerMissing(BrokerError):
    """Raised when a queue is unknown or not installed; the message says what to do."""


def find_peer(name: str) -> type[Peer]:
    """The class of one queue."""
    if name not in PEERS:
        raise PeerMissing(f"unknown peer {name!r}; known: {', '.join(PEERS)}")
    module, _, attribute = PEERS[name].partition(":")
    try:
        return cast(type[Peer], getattr(import_module(module), attribute))
    except ModuleNotFoundError as error:
        raise PeerMissing(
            f"{name} needs {error.name}, which is not installed: pip install 'mersal[dev]', "
            "or leave it out with --peers"
        ) from error
