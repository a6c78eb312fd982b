"""How far a journal was delivered, as its header holds it: two records written in turn, the newer whole one counts."""

import struct
import zlib
from dataclasses import dataclass, replace
from typing import Self

PLACES = (512, 768)  # in the header
_RECORD = struct.Struct("<IQQQ40s")  # checksum, writings, n, ever, epoch
_FIRST_RECORD = struct.Struct("<IQ")  # checksum, n: as journals were before receivers had epochs


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The receiver of this epoch has everything up to `n`, and some receiver had everything up to `ever`.

    `writings` counts the records of this journal. The epoch "" is nobody's.
    """

    writings: int = 0
    n: int = 0
    ever: int = 0
    epoch: str = ""

    def up_to(self, n: int) -> Self:
        """The next record, when everything up to `n` has arrived."""
        return replace(self, writings=self.writings + 1, n=max(self.n, n), ever=max(self.ever, n))

    def anew(self, epoch: str, after: int) -> Self:
        """The next record, when a receiver of another epoch is to get all entries after `after`."""
        return replace(self, writings=self.writings + 1, n=after, epoch=epoch)

    def packed(self) -> tuple[int, bytes]:
        """Where in the header it goes, and its bytes."""
        rest = _RECORD.pack(0, self.writings, self.n, self.ever, self.epoch.encode())[4:]
        return PLACES[self.writings % 2], struct.pack("<I", zlib.crc32(rest)) + rest


def newest(header: bytes) -> Acknowledgement:
    """The newer whole record of a header; one of nothing where there is none."""
    found = [_unpacked(header[place : place + _RECORD.size]) for place in PLACES]
    return max(found, key=lambda record: (record.writings, record.n))


def _unpacked(raw: bytes) -> Acknowledgement:
    checksum, writings, n, ever, epoch = _RECORD.unpack(raw)
    if checksum == zlib.crc32(raw[4:]):
        return Acknowledgement(writings, n, ever, epoch.rstrip(b"\0").decode())
    checksum, n = _FIRST_RECORD.unpack_from(raw)
    is_whole = checksum == zlib.crc32(raw[4 : _FIRST_RECORD.size])
    return Acknowledgement(0, n, n) if is_whole else Acknowledgement()
