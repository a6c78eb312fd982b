"""The floor under a flooded gate: reads several lines and does nothing. Run as a program of its own.

`python -m tests.bench.bare_reader LINE ...`
"""

import os
import select
import sys


def main(lines: list[str]) -> None:
    """Serve until killed."""
    sources = [os.open(line, os.O_RDWR | os.O_NOCTTY) for line in lines]
    while True:
        ready, _, _ = select.select(sources, [], [])
        for source in ready:
            os.read(source, 4096)


if __name__ == "__main__":
    main(sys.argv[1:])
