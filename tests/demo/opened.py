"""`lunas demo` as somebody at a console starts it."""

import base64
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any, Self

import zxingcpp
from playwright.sync_api import Browser, Page

from tests.servers.postgres import child_processes
from tests.servers.program import LUNAS, Program
from tests.servers.waiting import wait_until

START_SECONDS = 60.0
GREY = """async (picture) => {
  const bitmap = await createImageBitmap(await (await fetch("data:image/png;base64," + picture)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const dots = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  let grey = "";
  for (let at = 0; at < dots.length; at += 4) grey += String.fromCharCode(dots[at + 1]);
  return [bitmap.width, bitmap.height, btoa(grey)];
}"""


class Demo:
    """A running demo; its shop is kept in `folder`, its own temporary files in a folder that nobody else uses."""

    def __init__(self, folder: Path, *, language: str = "en_GB.UTF-8") -> None:
        self.folder = folder / "shop"
        self.temporary = folder / "temporary"
        self.temporary.mkdir(exist_ok=True)
        (folder / "console").unlink(missing_ok=True)
        environment = {"LC_ALL": language, "TMPDIR": str(self.temporary)}
        self.program = Program("demo", "--folder", str(self.folder), log=folder / "console", environment=environment)
        wait_until(self._is_open, f"the demo is open; it printed:\n{self.program.output}", START_SECONDS)
        printed = self.program.output.rpartition("Lunas ")[2]
        self.floor, self.till, self.gate = re.findall(r"http://(127\.0\.0\.1:\d+)/\n", printed)
        found = re.search(r"Bearer (\S+)", printed)
        assert found is not None
        self.token = found[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.program.kill()

    @property
    def ports(self) -> list[int]:
        """Where the floor, the till and the gate listen."""
        return [int(address.rpartition(":")[2]) for address in (self.floor, self.till, self.gate)]

    def interrupt(self) -> int:
        """Press Ctrl-C, and give the exit status."""
        os.kill(self.program.pid, signal.SIGINT)
        return self.program.wait()

    def processes(self) -> list[int]:
        """The demo's processes, children of children included, without itself."""
        found, news = [], [self.program.pid]
        while news:
            news = [child for pid in news for child in child_processes(pid)]
            found += news
        return found

    def item(self, serial: str) -> str:
        """What `lunas item` says."""
        command = [LUNAS, "--config", str(self.folder / "lunas.toml"), "item", serial]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def alarms(self, page: Page) -> list[dict[str, Any]]:
        """The alarm log, as programs read it."""
        headers = {"Authorization": f"Bearer {self.token}"}
        alarms: list[dict[str, Any]] = page.request.get(f"http://{self.till}/api/v1/alarms", headers=headers).json()[
            "alarms"
        ]
        return alarms

    def _is_open(self) -> bool:
        assert self.program.exit_status is None, self.program.output
        return "Ctrl-C" in self.program.output


def read_screen(picture: bytes, browser: Browser) -> set[str]:
    """The texts of all barcodes on a PNG screenshot, as a scanner reads them."""
    page = browser.new_page()
    width, height, grey = page.evaluate(GREY, base64.b64encode(picture).decode())
    page.close()
    image = memoryview(base64.b64decode(grey)).cast("B", (height, width))
    formats = zxingcpp.barcode_formats_from_str("Code128,DataMatrix,EAN13")
    return {found.text for found in zxingcpp.read_barcodes(image, formats=formats)}
