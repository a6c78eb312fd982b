"""Devices that come while somebody waits for them."""

import time
from pathlib import Path

import pyudev


def wait_for_device(path: str, subsystem: str, timeout: float) -> None:
    """Wait until there is something at `path`, no longer than `timeout` seconds.

    udev says when it has made the stable names of a device that was plugged in. Where no udev runs, the time-out is
    waited for.

    Args:
        path: a node below /dev, or a stable name for one.
        subsystem: the kernel's word for such devices, such as "input".
        timeout: in seconds.
    """
    device = Path(path)
    if device.exists():
        return
    deadline = time.monotonic() + timeout
    monitor = pyudev.Monitor.from_netlink(pyudev.Context())
    monitor.filter_by(subsystem)
    monitor.start()
    while not device.exists() and time.monotonic() < deadline:
        monitor.poll(max(0.0, deadline - time.monotonic()))
