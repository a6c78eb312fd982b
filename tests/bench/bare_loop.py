"""The floor under the gate: reads a label, does one SQLite look-up, writes a relay frame. Run as a program of its own.

`python -m tests.bench.bare_loop DATABASE SCANNER RELAY`
"""

import os
import select
import sys
from pathlib import Path

from shared import sqlite

ON = bytes.fromhex("a00101a2")
QUERY = "SELECT item.state FROM code JOIN item ON item.id = code.item_id WHERE code.text = ?"


def main(database: str, scanner: str, relay: str) -> None:
    """Serve until killed."""
    connection = sqlite.connect(Path(database), journal_mode="WAL")
    source = os.open(scanner, os.O_RDWR | os.O_NOCTTY)
    sink = os.open(relay, os.O_RDWR | os.O_NOCTTY)
    frame = b""
    while True:
        select.select([source], [], [])
        frame += os.read(source, 100)
        if not frame.endswith(b"\r"):
            continue
        row = connection.execute(QUERY, (frame[:-1].decode(),)).fetchone()
        frame = b""
        if row and row[0] == "in_stock":
            os.write(sink, ON)


if __name__ == "__main__":
    main(*sys.argv[1:])
