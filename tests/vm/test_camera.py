"""A camera on the kernel's own driver, behind which the test holds the pictures."""

import shlex
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from zxingcpp import BarcodeFormat

from tests.pictures import SMALL, Held, Picture, aisle, hold, label
from tests.vm.door import DATABASE, LCUS, Door, Siren

DEVICE = "/dev/video9"
CAMERA = f'[[gate.scanner]]\nname = "lane"\nkind = "camera"\nsource = "{DEVICE}"\n'
SNAPSHOTS = f'[gate.snapshots]\nsource = "{DEVICE}"\n'
PICTURES = f"""import sqlite3, sys
(number,) = sqlite3.connect("file:{DATABASE}?mode=ro", uri=True).execute("SELECT count(*) FROM snapshot").fetchone()
sys.exit(number < 2)"""
FEED = Path(__file__).with_name("guest") / "feed_camera.py"
EMPTY = aisle(SMALL, np.random.default_rng(1))


def show(door: Door, picture: Picture) -> None:
    """Let the camera see this from now on."""
    grey = np.full((*picture.shape, 2), 128, np.uint8)  # YUYV without colour
    grey[..., 0] = picture
    door.machine.put("/run/next", grey.tobytes())
    door.machine.run("mv /run/next /run/picture")


def with_label(serial: str) -> Picture:
    shown = label(serial, BarcodeFormat.Code128, module=2)
    return hold(EMPTY, shown, Held(), np.random.default_rng(2))


@pytest.fixture(scope="module")
def lane(door: Door) -> Door:
    """A camera lane: a gate whose only scanner is a camera, which takes the snapshots too."""
    door.machine.put("/root/feed_camera.py", FEED.read_bytes())
    show(door, EMPTY)
    door.machine.run("modprobe v4l2loopback video_nr=9 exclusive_caps=1 card_label=Lane")
    door.machine.run(f"systemd-run --quiet --unit=feed /usr/bin/python3 /root/feed_camera.py {DEVICE} /run/picture")
    door.open("WATCH-1", "WATCH-2", devices=CAMERA + SNAPSHOTS + LCUS)
    return door


def test_a_label_of_an_unpaid_unit_fires_the_relay_and_pictures_by_the_same_camera_are_kept(
    lane: Door, siren: Siren
) -> None:
    assert True not in siren.switchings(3.0)
    show(lane, with_label("WATCH-1"))
    siren.wait_until(on=True)
    lane.wait_for_alarms("WATCH-1")
    show(lane, EMPTY)
    siren.wait_until(on=False)
    lane.machine.wait_until(f"/usr/bin/python3 -c {shlex.quote(PICTURES)}", 60)


def test_a_paid_unit_is_seen_and_passes_in_silence(lane: Door, siren: Siren) -> None:
    assert lane.sell(str(uuid4()), "WATCH-2") == 201
    siren.switchings(5.0)
    show(lane, with_label("WATCH-2"))
    lane.wait_for_state("departed", "WATCH-2")
    assert True not in siren.switchings(1.0)
