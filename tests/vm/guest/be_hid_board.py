"""Runs in the guest: be a HID relay board, made with the kernel's uhid, until the end.

    be_hid_board.py VENDOR PRODUCT FILE

The ids are hexadecimal: DCTTech's 16c0 05df takes feature reports and is read back, Ucreatefun's 0519 2018 takes output
reports. FILE always holds which relays are on, such as "13". The structures are those of linux/uhid.h.
"""

import os
import struct
import sys
from pathlib import Path

CREATE, OUTPUT, GET_REPORT, GET_REPORT_REPLY, SET_REPORT, SET_REPORT_REPLY = 11, 6, 9, 10, 13, 14
USB_BUS = 3
DESCRIPTOR = bytes.fromhex("0600ff 0901 a101 1500 26ff00 7508 9508 0900 b20201 0900 9508 9102 c0")
LARGEST_EVENT = 4380


class Board:
    """The device node of the board, its relays, and where they are shown."""

    def __init__(self, vendor: int, product: int, shown: Path) -> None:
        self._node = os.open("/dev/uhid", os.O_RDWR)
        self._relays: set[int] = set()
        self._shown = shown
        self._show()
        names = b"USBRelay8", b"usb-test/input0", b"TEST1"
        ids = len(DESCRIPTOR), USB_BUS, vendor, product, 0x100, 0
        os.write(self._node, struct.pack("<I128s64s64sHHIIII4096s", CREATE, *names, *ids, DESCRIPTOR))

    def serve(self) -> None:
        """Do what the kernel passes on, and say so."""
        while True:
            event = os.read(self._node, LARGEST_EVENT)
            (kind,) = struct.unpack_from("<I", event)
            if kind == OUTPUT:
                self._take_output(event[5])  # after the event's kind and the report's number
            elif kind == SET_REPORT:
                self._take_feature(event[13], event[14])  # after kind, question, number, type, size, and number again
                os.write(self._node, struct.pack("<IIH", SET_REPORT_REPLY, *struct.unpack_from("<I", event, 4), 0))
            elif kind == GET_REPORT:
                bits = sum(1 << relay - 1 for relay in self._relays)
                report = bytes([0, *b"TEST1", 0, 0, bits])
                answer = struct.unpack_from("<I", event, 4)[0], 0, len(report), report
                os.write(self._node, struct.pack("<IIHH4096s", GET_REPORT_REPLY, *answer))

    def _take_feature(self, command: int, relay: int) -> None:
        (self._relays.add if command == 0xFF else self._relays.discard)(relay)
        self._show()

    def _take_output(self, command: int) -> None:
        (self._relays.add if command & 0xF0 else self._relays.discard)(command & 0x0F)
        self._show()

    def _show(self) -> None:
        self._shown.write_text("".join(map(str, sorted(self._relays))))


if __name__ == "__main__":
    Board(int(sys.argv[1], 16), int(sys.argv[2], 16), Path(sys.argv[3])).serve()
