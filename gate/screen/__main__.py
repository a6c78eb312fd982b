"""The screen's program: started by the daemon as `python -m gate.screen` with the line and the settings."""

import os
import socket
import sys
import threading
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from waitress import serve

from gate.link import DaemonLine
from gate.screen.app import ScreenSettings, create_app
from gate.screen.pictures import Pictures, find_in_source

THREADS = 24


def main() -> None:
    """Serve until the daemon is gone."""
    descriptor, file, host, port, language, currency, timezone = sys.argv[1:]
    line = DaemonLine(socket.socket(fileno=int(descriptor)))
    pictures = Pictures(partial(find_in_source, Path(file)))
    app = create_app(line, ScreenSettings(language, currency, ZoneInfo(timezone)), pictures)
    threading.Thread(target=_live_with, args=(line,), daemon=True).start()
    serve(app, host=host, port=int(port), threads=THREADS, ident="lunas", clear_untrusted_proxy_headers=True)


def _live_with(line: DaemonLine) -> None:
    line.listen()
    os._exit(0)


if __name__ == "__main__":
    main()
