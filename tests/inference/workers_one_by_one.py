"""`mersal worker --model ID` for one model after the other; prints each one's exit code.

python -m tests.inference.workers_one_by_one MODEL...
"""

import sys

from inference import loading
from inference.devices import Devices
from mersal.cli import main

if __name__ == "__main__":
    # Memory as on a large machine: without it a small one would say that first.
    setattr(loading, "find_devices", lambda _: Devices({}, 10**12))  # noqa: B010
    for model in sys.argv[1:]:
        sys.argv = ["mersal", "worker", "--model", model]
        try:
            main()
        except SystemExit as end:
            print(end.code)
