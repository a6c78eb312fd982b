"""What a program tells the supervisor that started it, by the protocol of sd_notify(3): how systemd hears of it.

Every call sends one datagram to the socket that NOTIFY_SOCKET names; without one, such as at a keyboard, it does
nothing. It never waits and never fails: a supervisor that cannot be told draws its own conclusion from the silence.
"""

import contextlib
import os
import socket


def is_there() -> bool:
    """Whether anybody listens: nothing needs to be found out for nobody."""
    return bool(os.environ.get("NOTIFY_SOCKET"))


def ready() -> None:
    """Say that the program does its work now."""
    _tell("READY=1")


def alive() -> None:
    """Feed the watchdog: say that everything that should answer has answered."""
    _tell("WATCHDOG=1")


def stopping() -> None:
    """Say that the program ends, because it was asked to."""
    _tell("STOPPING=1")


def _tell(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    # A name that begins with @ is one of the kernel's own, without a file.
    place = "\0" + address[1:] if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(state.encode(), socket.MSG_DONTWAIT, place)
