"""How many processors this process may really use."""

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def usable_cpus(quota: Path = _QUOTA) -> int:
    """Processors by affinity and by a container's quota, whichever is less; at least 1."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        allowed, period = quota.read_text().split()
    except (OSError, ValueError):
        return max(1, count or 1)
    if allowed == "max":
        return max(1, count or 1)
    return max(1, min(count or 1, round(int(allowed) / int(period))))
