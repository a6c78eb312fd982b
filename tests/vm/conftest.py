"""The machine at the door: built by `make vm`, Lunas installed in it once, booted once for each module."""

import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import unused_port
from tests.vm.door import LCUS as LCUS_BOARD
from tests.vm.door import SETTINGS, SHOP, Addresses, Door, Siren, serial_scanner
from tests.vm.machine import IMAGE, Machine

HOUSE = Path(__file__).parents[2]
# A machine without a password prompt or sudo of its own.
SUDO = 'sudo() { if [ "$1" = -u ]; then runuser -u "$2" -- "${@:3}"; else "$@"; fi; }; '


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder runs in the machine, and an emulated processor takes its time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.vm)
            item.add_marker(pytest.mark.timeout(0 if item.get_closest_marker("soak") else 1200))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install Lunas as systemd/README.md says; give the disk, switched off in order."""
    assert (IMAGE / "rootfs.ext4").exists(), f"no {IMAGE}/rootfs.ext4: run make vm, which builds it"
    folder = tmp_path_factory.mktemp("installed")
    disk = overlay(folder / "installed.qcow2", IMAGE / "rootfs.ext4", "raw")
    with Machine(disk) as machine:
        put_wheel(machine, folder)
        put_folder(machine, HOUSE / "systemd", "/opt/lunas")
        put_folder(machine, HOUSE / "hardware/udev", "/opt/lunas/hardware")
        install, till, gate = re.findall(r"```sh\n(.*?)```", (HOUSE / "systemd/README.md").read_text(), re.DOTALL)
        machine.run(f"{SUDO} set -e; {install}", seconds=300)
        machine.run(f"{SUDO} set -e; {till}", seconds=600)
        machine.put(SETTINGS, (SHOP.format(alarm_seconds=2) + serial_scanner("left") + LCUS_BOARD).encode())
        machine.run(f"{SUDO} set -e; {gate}", seconds=600)
        machine.shut_down()
    return disk


@pytest.fixture(scope="module")
def door(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Boot a machine of this module's own."""
    folder = tmp_path_factory.mktemp("door")
    till, gate = unused_port(), unused_port()
    with Machine(overlay(folder / "door.qcow2", installed, "qcow2"), ports={till: 8080, gate: 8081}) as machine:
        yield Door(machine, Addresses(f"127.0.0.1:{till}", f"127.0.0.1:{gate}"), folder)


@pytest.fixture
def siren(door: Door) -> Siren:
    """Hang a siren on the LCUS board."""
    return Siren(door.machine.adapters["lcus"])


def overlay(disk: Path, below: Path, kind: str) -> Path:
    """Make a disk that holds what differs from the one below."""
    command = ["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(below.resolve()), "-F", kind, str(disk)]
    subprocess.run(command, check=True)
    return disk


def put_wheel(machine: Machine, folder: Path) -> None:
    """Install the checkout's own wheel beside what the image holds already."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(HOUSE)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    machine.put(f"/tmp/{wheel.name}", wheel.read_bytes())  # noqa: S108 - the guest's own
    machine.run(f"pip install --no-index --no-deps /tmp/{wheel.name}", seconds=300)


def put_folder(machine: Machine, source: Path, target: str) -> None:
    """Copy a folder into another one of the machine."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(source, source.name)
    machine.run(f"mkdir -p {target} && tar x --no-same-owner -C {target}", typed=packed.getvalue())
