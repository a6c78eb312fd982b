"""Runs in the guest: be the camera behind a v4l2loopback device.

    feed_camera.py DEVICE PICTURE

PICTURE is a file of 640x480 pixels, YUYV, shown ten times a second; another one that is moved into its place is shown
from then on.
"""

import fcntl
import os
import struct
import sys
import time
from pathlib import Path

WIDTH, HEIGHT = 640, 480
VIDIOC_S_FMT = 0xC0D05605
VIDEO_OUTPUT = 2
FORMAT_BYTES = 208


def main(device: str, picture: str) -> None:
    """Show the picture until the end."""
    yuyv = int.from_bytes(b"YUYV", "little")
    pixels = (WIDTH, HEIGHT, yuyv, 1, WIDTH * 2, WIDTH * HEIGHT * 2, 8)
    camera = os.open(device, os.O_RDWR)
    fcntl.ioctl(camera, VIDIOC_S_FMT, struct.pack("<I4x7I", VIDEO_OUTPUT, *pixels).ljust(FORMAT_BYTES, b"\0"))
    while True:
        os.write(camera, Path(picture).read_bytes())
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
