"""One network on one device, and all that answer on it."""

import torch

from inference.bench.building import build
from inference.bench.continuous_peer import PAGE_TOKENS, ContinuousPeer, is_right
from inference.bench.conversation import SecondTurn, measure_second_turn
from inference.bench.generate_peers import BatchPeer, GeneratePeer
from inference.bench.limits import measure_limits
from inference.bench.networks import Network
from inference.bench.place import affordable_tokens
from inference.bench.slot_peer import SlotPeer
from inference.bench.workload import Peer
from inference.options import DecodeChoice
from inference.precision import Precision
from inference.slots.sizing import UNIT_TOKENS


class Subject:
    """The built model. Its peers use it one at a time; the engine stays open for all of it."""

    def __init__(
        self,
        network: Network,
        precision: Precision,
        place: torch.device,
        slots: int,
        pool_tokens: int,
        decode: DecodeChoice,
    ) -> None:
        """`pool_tokens` of keys and values is what `slots` conversations take at most; where
        memory is short there are fewer, and some conversations wait."""
        self._network = network
        self.peers: list[Peer] = []
        try:
            self._build(precision, place, slots, pool_tokens, decode)
        except BaseException:
            self.close()  # a peer that has begun has threads
            raise

    def second_turn(self, seed: str, history_tokens: int) -> SecondTurn:
        """Time the second turn of a conversation; another seed is another conversation."""
        return measure_second_turn(seed, self._network, self._ours, self._generate, history_tokens)

    def close(self) -> None:
        """Stop all threads; the memory is free once nobody holds this subject."""
        for peer in self.peers:
            peer.close()

    def _build(
        self,
        precision: Precision,
        place: torch.device,
        slots: int,
        pool_tokens: int,
        decode: DecodeChoice,
    ) -> None:
        network = self._network
        model = build(network, precision, place)
        self.limits = measure_limits(network, model)
        most = affordable_tokens(place, self.limits.kv_bytes_per_token)
        self._generate = GeneratePeer(model)
        self.peers += [self._generate, BatchPeer(model)]
        if is_right(network):
            whole_pages = pool_tokens + (slots + 1) * PAGE_TOKENS
            self.peers.append(ContinuousPeer(model, min(most, whole_pages)))
        whole_units = pool_tokens + (slots + 1) * UNIT_TOKENS[place.type]
        self._ours = SlotPeer(network, model, slots, min(most, whole_units), decode)
        self.peers.append(self._ours)
