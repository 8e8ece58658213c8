"""Random numbers that depend on a seed and a position alone, wherever they are computed."""

from torch import Tensor

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


def signed(number: int) -> int:
    """The 64-bit two's complement of `number`, as tensors hold it."""
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


def uniform(seeds: Tensor, positions: Tensor) -> Tensor:
    """Numbers between 0 and 1, never either of them, in float64; both arguments are int64.

    SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) with a scrambled seed. 48 bits and a half:
    never so near 1 that its product with a sum is rounded up to the sum.
    """
    scrambled = _mix(_mix(seeds) + (positions + 1) * signed(_GOLDEN))
    return (_shifted(scrambled, 16).double() + 0.5) / 2**48


def _mix(number: Tensor) -> Tensor:
    number = (number ^ _shifted(number, 30)) * signed(_FIRST)
    number = (number ^ _shifted(number, 27)) * signed(_SECOND)
    return number ^ _shifted(number, 31)


def _shifted(number: Tensor, places: int) -> Tensor:
    """A shift to the right that brings in zeros, as of an unsigned number."""
    return (number >> places) & ((1 << (64 - places)) - 1)
