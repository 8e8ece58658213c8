"""One peer's worker process: `python -m mersal.bench.worker PEER URL SHEET`."""

import sys
from pathlib import Path

from mersal.bench.peers import find_peer
from mersal.bench.timesheet import Timesheet


def main() -> None:
    name, url, sheet = sys.argv[1:]
    find_peer(name)(url).serve(Timesheet(Path(sheet)))


if __name__ == "__main__":
    main()
