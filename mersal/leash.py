"""Run a command that cannot outlive the process that starts it: `leash.py PARENT COMMAND…`.

A script of its own, with an interpreter of its own, because nothing may safely be done
between fork and exec in a process that has threads. It asks the kernel (Linux) to kill it
when PARENT dies, then becomes the command; the request outlives the exec. Elsewhere the
command simply runs: there only a SIGKILL of PARENT leaves it behind.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it died before the leash was on
        return
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
