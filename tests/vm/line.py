"""JSON over a Unix socket, one message a line: so QEMU itself (QMP) and its guest agent are spoken to."""

import json
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Message = dict[str, Any]


def connected(path: Path, seconds: float = 30.0) -> socket.socket:
    """Connect to a socket that QEMU may not have made yet."""
    deadline = time.monotonic() + seconds
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
        except OSError:
            line.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return line


class JsonLine:
    """Asks and is answered; what comes unasked are events, which are kept until somebody waits for them."""

    def __init__(self, path: Path) -> None:
        self._line = connected(path)
        self._stream = self._line.makefile("rw", encoding="utf-8", newline="\n")
        self._events: list[Message] = []

    def close(self) -> None:
        """Let the line go."""
        self._stream.close()
        self._line.close()

    def ask(self, what: str, seconds: float = 30.0, **arguments: Any) -> Any:
        """Have something done and give what comes back; RuntimeError where it is refused."""
        self._line.settimeout(seconds)
        self._stream.write(json.dumps({"execute": what, "arguments": arguments}) + "\n")
        self._stream.flush()
        while True:
            answer = self.read()
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                message = f"{what}: {answer['error']['desc']}"
                raise RuntimeError(message)
            self._events.append(answer)

    def read(self) -> Message:
        """Take the next message; ConnectionError where QEMU has ended."""
        line = self._stream.readline()
        if not line:
            message = "QEMU closed the connection"
            raise ConnectionError(message)
        read: Message = json.loads(line.lstrip("\xff"))
        return read

    def wait_for_event(self, name: str, facts: Mapping[str, Any], seconds: float = 30.0) -> None:
        """Wait until this has happened; `facts` are items of its data."""
        self._line.settimeout(seconds)
        while True:
            for event in self._events:
                if event.get("event") == name and facts.items() <= event.get("data", {}).items():
                    self._events.remove(event)
                    return
            self._events.append(self.read())
