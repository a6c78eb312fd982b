"""The virtual machine at the door: QEMU on an emulated processor, whose USB devices are the test's own.

Commands go through QEMU's guest agent. The kernel finds real devices with stable names::

    /dev/input/by-id/usb-QEMU_QEMU_USB_Keyboard_kbd0-event-kbd
    /dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_lcus-if00-port0
"""

import base64
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.vm.far_end import FarEnd
from tests.vm.keyboard import event, presses
from tests.vm.line import JsonLine

IMAGE = Path("build/vm")
KEYBOARDS = ("kbd0", "kbd1")
ADAPTERS = ("left", "right", "lcus", "numato")
BOOT_SECONDS = 300.0
PATH = "/opt/lunas/.venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
KEY_SECONDS = 0.02  # QEMU's keyboard holds 16 events and drops the rest


@dataclass(frozen=True, slots=True)
class Done:
    """How a command in the guest ended."""

    status: int
    output: str


class Machine:
    """Two USB keyboards, four USB serial adapters, one disk.

    Attributes:
        adapters: the far end of each serial adapter.
    """

    def __init__(self, disk: Path, ports: Mapping[int, int] | None = None) -> None:
        """`disk`: a qcow2 image. `ports`: TCP ports of this host's loopback to ports of the guest."""
        self._disk = disk
        self._ports = ports or {}
        self._folder = Path(tempfile.mkdtemp(prefix="lunas-vm-"))  # a socket's path must be short
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: list[JsonLine | FarEnd] = []
        self.adapters: dict[str, FarEnd] = {}
        self._qemu: JsonLine
        self._agent: JsonLine

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut_power()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Boot, and wait until commands can be run and all devices are there."""
        for stale in self._folder.glob("*.sock"):
            stale.unlink()
        with (self._folder / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *self._command()],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            self._connect()
        except BaseException as error:
            self.cut_power()
            said = [(self._folder / name).read_text(errors="replace")[-2000:] for name in ("qemu.log", "console.log")]
            message = f"the machine does not boot: {error!r}\n{said[0]}\n{said[1]}"
            raise RuntimeError(message) from error

    def shut_down(self) -> None:
        """Power off in order."""
        self.run("systemctl poweroff --no-block")
        assert self._process is not None
        self._process.wait(180)
        self.cut_power()

    def cut_power(self) -> None:
        """Pull the power cord; `start` boots again from the same disk."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        for line in self._lines:
            line.close()
        self._lines.clear()

    def run(self, command: str, *, seconds: float = 120.0, typed: bytes = b"", check: bool = True) -> Done:
        """Run a shell command as root. AssertionError where `check` is set and its status is not 0."""
        what: dict[str, Any] = {
            "path": "/usr/bin/timeout",
            "arg": [str(seconds), "/bin/bash", "-c", f"exec 2>&1; {command}"],
            "env": [f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8"],
            "input-data": base64.b64encode(typed).decode(),
            "capture-output": True,
        }
        started = self._agent.ask("guest-exec", **what)
        while not (state := self._agent.ask("guest-exec-status", pid=started["pid"]))["exited"]:
            time.sleep(0.05)
        output = base64.b64decode(state.get("out-data", "")).decode(errors="replace")
        done = Done(state.get("exitcode", -state.get("signal", 0)), output)
        assert not check or done.status == 0, f"{command}: status {done.status}\n{done.output}"
        return done

    def put(self, path: str, data: bytes, mode: str = "644") -> None:
        """Write a file."""
        self.run(f"mkdir -p $(dirname {path}) && cat > {path} && chmod {mode} {path}", typed=data)

    def wait_until(self, command: str, seconds: float = 120.0) -> str:
        """Repeat a command until its status is 0; give what it printed."""
        deadline = time.monotonic() + seconds
        while (done := self.run(command, check=False)).status:
            if time.monotonic() > deadline:
                message = f"waited {seconds:g} s in vain for: {command}\n{done.output}"
                raise AssertionError(message)
            time.sleep(0.2)
        return done.output

    def unplug(self, name: str) -> None:
        """Pull a keyboard or an adapter out."""
        self._qemu.ask("device_del", id=name)
        self._qemu.wait_for_event("DEVICE_DELETED", {"device": name})
        if name in self.adapters:
            self.adapters[name].plugged = False

    def plug(self, name: str) -> None:
        """Put it in again; the guest needs about a second to find it."""
        device = _device(name)
        self._qemu.ask("device_add", **device | ({"always-plugged": True} if name in ADAPTERS else {}))
        if name in self.adapters:
            self.adapters[name].plugged = True

    def type(self, **texts: str) -> None:
        """Type as keyboard scanners do, all of them at the same time: `kbd0` this text, `kbd1` that."""
        for keys in zip_longest(*(presses(text) for text in texts.values())):
            for keyboard, press in zip(texts, keys, strict=True):
                if press:
                    self._qemu.ask("input-send-event", device=f"screen-{keyboard}", events=[event(press)])
            time.sleep(KEY_SECONDS)

    def _command(self) -> list[str]:
        return [
            "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-M", "pc,usb=off",
            "-m", "1536", "-smp", "2", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", str(IMAGE / "vmlinux"), "-initrd", str(IMAGE / "initrd.img"),
            "-append", "console=ttyS0 quiet mitigations=off panic=-1 net.ifnames=0",
            "-serial", f"file:{self._folder}/console.log",
            "-qmp", f"unix:{self._folder}/qemu.sock,server=on,wait=off",
            "-drive", f"file={self._disk},if=virtio,cache=writeback,discard=unmap",
            "-device", "virtio-rng-pci", "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=agent,path={self._folder}/agent.sock,server=on,wait=off",
            "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
            "-device", "qemu-xhci,id=usb,p2=15,p3=4",
            *self._network(), *self._usb(),
        ]  # fmt: skip

    def _network(self) -> Iterator[str]:
        forwards = "".join(f",hostfwd=tcp:127.0.0.1:{ours}-:{theirs}" for ours, theirs in self._ports.items())
        yield from ("-netdev", f"user,id=net,restrict=on{forwards}", "-device", "virtio-net-pci,netdev=net")

    def _usb(self) -> Iterator[str]:
        for name in KEYBOARDS:  # QEMU sends keys to a display's keyboard: each has a small display of its own
            yield from ("-device", f"bochs-display,id=screen-{name},vgamem=4M")
        for name in ADAPTERS:
            yield from ("-chardev", f"socket,id={name}-line,path={self._folder}/{name}.sock,server=on,wait=off")
        for name in KEYBOARDS + ADAPTERS:
            yield from ("-device", ",".join(f"{key}={value}" for key, value in _device(name).items()))

    def _connect(self) -> None:
        self._qemu = JsonLine(self._folder / "qemu.sock")
        self._lines.append(self._qemu)
        self._qemu.read()  # its greeting
        self._qemu.ask("qmp_capabilities")
        self.adapters = {name: FarEnd(self._folder / f"{name}.sock") for name in ADAPTERS}
        self._agent = JsonLine(self._folder / "agent.sock")
        self._lines += [*self.adapters.values(), self._agent]
        self._agent.ask("guest-ping", BOOT_SECONDS)  # waits on the line until the agent runs
        self.wait_until("ls " + " ".join(map(device_path, KEYBOARDS + ADAPTERS)))
        self.run("ip link set eth0 up && ip addr add 10.0.2.15/24 dev eth0")


def device_path(name: str) -> str:
    """Give a device's stable name in the guest."""
    if name in KEYBOARDS:
        return f"/dev/input/by-id/usb-QEMU_QEMU_USB_Keyboard_{name}-event-kbd"
    return f"/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_{name}-if00-port0"


def _device(name: str) -> dict[str, Any]:
    driver = (
        {"driver": "usb-kbd", "display": f"screen-{name}"}
        if name in KEYBOARDS
        else {"driver": "usb-serial", "chardev": f"{name}-line", "always-plugged": "on"}
    )
    return driver | {"id": name, "bus": "usb.0", "serial": name}
