"""On what a benchmark ran: without it, its figures mean nothing."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType

import psutil

NOTHING: Mapping[str, str] = MappingProxyType({})
CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Machine:
    """`load`: processes that wanted a core, on average over the minute before."""

    cpu: str
    cores: int
    memory_gib: float
    kernel: str
    python: str
    packages: Mapping[str, str]
    load: float

    @property
    def text(self) -> str:
        """Two sentences."""
        packages = ", ".join(f"{name} {number}" for name, number in self.packages.items())
        return (
            f"{self.cpu}, {self.cores} cores, {self.memory_gib:.0f} GiB, {self.kernel}, "
            f"Python {self.python}, {packages}. "
            f"Load of the minute before: {self.load:.1f}."
        )


def this_machine(packages: Sequence[str], programs: Mapping[str, str] = NOTHING) -> Machine:
    """Describe it as it is now, with the versions of `packages`, and of `programs` as given."""
    return Machine(
        cpu=_cpu(),
        cores=len(psutil.Process().cpu_affinity() or []),
        memory_gib=psutil.virtual_memory().total / 2**30,
        kernel=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        packages={**programs, **{name: found for name in packages if (found := _version(name))}},
        load=os.getloadavg()[0],
    )


def _cpu() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
