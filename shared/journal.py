"""What this machine saw, durable here first, delivered exactly once after.

A preallocated file of fixed slots, used as a ring, so that a full disk stops nothing. An entry's key is (device,
random boot id of the file's opening, n); n rises for as long as the file lives. The receiver keeps the keys that it
took, so delivering again is harmless: a receiver that was put back to an earlier day has another epoch, and gets again
what the ring still holds.

Layout: one slot of header (magic and device, then two acknowledgements written in turn), then `SLOTS` slots of entries.
All numbers are little-endian. A slot whose checksum is wrong was being written when the power went: it counts as empty.
"""

import hashlib
import json
import logging
import os
import secrets
import struct
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from shared.acknowledgement import Acknowledgement, newest
from shared.whole_files import put_in_place

log = logging.getLogger(__name__)

SLOT = 1024
SLOTS = 16_384
MAGIC = b"LUNASJ1\n"
DEVICE_BYTES = 120
AGAIN = SLOTS * 3 // 4  # entries that a receiver of another epoch gets again; the rest of the ring is for new ones
_ENTRY = struct.Struct("<IHQ8s")  # checksum, length of the body, n, boot
LONGEST_BODY = SLOT - _ENTRY.size


class JournalError(Exception):
    """The journal cannot be used, or cannot take more; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened here."""

    device: str
    boot: str
    n: int
    body: str

    @property
    def key(self) -> str:
        """The key in one text, unique for ever."""
        return f"{self.device}/{self.boot}/{self.n}"

    @property
    def hash(self) -> bytes:
        """What tells this content from another under the same key."""
        return hashlib.sha256(self.body.encode()).digest()

    def facts(self) -> dict[str, Any]:
        """The body as values."""
        facts: dict[str, Any] = json.loads(self.body)
        return facts


class Journal:
    """The file of one device. All methods may be called from any thread.

    Attributes:
        last: the newest entry that it held when it was opened, None for none.
        alive_at: when its device was last seen alive before that, in µs of wall time.
    """

    def __init__(self, file: Path, device: str) -> None:
        """Open the file, or make it. Raises JournalError."""
        self.device = device
        self.boot = secrets.token_bytes(8).hex()
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        try:
            self._descriptor = _open(file, device)
        except OSError as error:
            raise JournalError(f"{file}: cannot be opened: {error.strerror}") from error
        self._acknowledged = newest(os.pread(self._descriptor, SLOT, 0))
        self.alive_at = os.fstat(self._descriptor).st_mtime_ns // 1000
        kept = self._read_entries(0)
        self.last = next(reversed(kept.values()), None)
        self._waiting = {n: entry for n, entry in kept.items() if n > self._acknowledged.n}
        self._next = max([self._acknowledged.n, self._acknowledged.ever, *self._waiting]) + 1
        self._unsynced = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Make everything durable and let the file go."""
        with self._lock:
            os.fdatasync(self._descriptor)
            os.close(self._descriptor)

    @property
    def waiting(self) -> int:
        """How many entries are not delivered yet."""
        return len(self._waiting)

    @property
    def epoch(self) -> str:
        """The epoch of the receiver that acknowledged, "" for none."""
        return self._acknowledged.epoch

    def append(self, facts: Mapping[str, Any]) -> Entry:
        """Write an entry; it is durable after the next `sync`. Raises JournalError where it is full or too long."""
        body = json.dumps(facts, separators=(",", ":"), ensure_ascii=True)
        with self._lock:
            n = self._next
            if n - self._acknowledged.n > SLOTS:
                raise JournalError(f"full: {SLOTS} entries wait to be delivered")
            entry = Entry(self.device, self.boot, n, body)
            self._write(entry)
            self._waiting[n] = entry
            self._next = n + 1
            self._unsynced = True
            self._arrived.notify_all()
        return entry

    def mark_alive(self) -> None:
        """Note that the device lives, where it costs nothing: in the file's own time. Raises OSError."""
        os.utime(self._descriptor)

    def wait(self, seconds: float) -> None:
        """Return when there is something to deliver, or after so many seconds."""
        with self._lock:
            if not self._waiting:
                self._arrived.wait(seconds)

    def sync(self) -> None:
        """Make what was appended survive a power cut. Raises OSError."""
        with self._lock:
            pending, self._unsynced = self._unsynced, False
        if pending:
            os.fdatasync(self._descriptor)

    def undelivered(self, most: int) -> list[Entry]:
        """The oldest entries that wait, in order, durable before they are given out. Raises OSError."""
        with self._lock:
            entries = [entry for _, entry in zip(range(most), self._waiting.values(), strict=False)]
        self.sync()
        return entries

    def never_delivered(self) -> list[Entry]:
        """What waits and was not acknowledged by any receiver yet, in order."""
        with self._lock:
            return [entry for entry in self._waiting.values() if entry.n > self._acknowledged.ever]

    def kept(self) -> list[Entry]:
        """All that the ring still holds, in order. Reads the whole file."""
        return list(self._read_entries(0).values())

    def acknowledge(self, entries: Sequence[Entry]) -> None:
        """Note that these, the oldest ones, have arrived. Raises OSError."""
        if not entries:
            return
        with self._lock:
            for entry in entries:
                self._waiting.pop(entry.n, None)
            self._note(self._acknowledged.up_to(entries[-1].n))

    def deliver_again(self, epoch: str) -> None:
        """Let what the ring still holds, the newest `AGAIN`, wait for a receiver of this epoch. Raises OSError."""
        with self._lock:
            after = min(self._acknowledged.n, max(0, self._next - 1 - AGAIN))
        kept = self._read_entries(after)  # not in the lock: whoever appends never waits for this
        with self._lock:
            self._waiting = dict(sorted({**kept, **self._waiting}.items()))
            self._note(self._acknowledged.anew(epoch, after))

    def _note(self, acknowledged: Acknowledgement) -> None:
        self._acknowledged = acknowledged
        place, packed = acknowledged.packed()
        os.pwrite(self._descriptor, packed, place)

    def _write(self, entry: Entry) -> None:
        body = entry.body.encode()
        if len(body) > LONGEST_BODY:
            raise JournalError(f"expected an entry of at most {LONGEST_BODY} bytes, got {len(body)}")
        rest = _ENTRY.pack(0, len(body), entry.n, bytes.fromhex(entry.boot))[4:] + body
        slot = struct.pack("<I", zlib.crc32(rest)) + rest
        try:
            os.pwrite(self._descriptor, slot, SLOT * (1 + entry.n % SLOTS))
        except OSError as error:
            raise JournalError(f"cannot write: {error.strerror}") from error

    def _read_entries(self, after: int) -> dict[int, Entry]:
        """What the ring holds after an n, in order."""
        found: dict[int, Entry] = {}
        for start in range(1, 1 + SLOTS, 1024):
            block = os.pread(self._descriptor, SLOT * min(1024, 1 + SLOTS - start), SLOT * start)
            for offset in range(0, len(block), SLOT):
                entry = parse_slot(self.device, block[offset : offset + SLOT])
                if entry and entry.n > after:
                    found[entry.n] = entry
        return dict(sorted(found.items()))


def parse_slot(device: str, slot: bytes) -> Entry | None:
    """The entry that a slot holds; None for an empty one, and one that was being written."""
    checksum, length, n, boot = _ENTRY.unpack_from(slot)
    if n == 0 or length > LONGEST_BODY or checksum != zlib.crc32(slot[4 : _ENTRY.size + length]):
        return None
    return Entry(device, boot.hex(), n, slot[_ENTRY.size : _ENTRY.size + length].decode())


def _open(file: Path, device: str) -> int:
    header = (MAGIC + device.encode()).ljust(len(MAGIC) + DEVICE_BYTES, b"\0")
    if file.exists() and not _is_ours(file, header):
        aside = file.with_name(f"{file.name}.damaged-{secrets.token_hex(4)}")
        log.error("%s is not the journal of %s; it is kept as %s, and a new one begins", file, device, aside.name)
        file.rename(aside)
    if not file.exists():
        _make(file, header)
    return os.open(file, os.O_RDWR | os.O_CLOEXEC)


def _is_ours(file: Path, header: bytes) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(header)) == header and file.stat().st_size == SLOT * (1 + SLOTS)


def _make(file: Path, header: bytes) -> None:
    """Under another name first: a half-made journal is never taken for a whole one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".new")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o660)
    try:
        os.posix_fallocate(descriptor, 0, SLOT * (1 + SLOTS))
        os.pwrite(descriptor, header, 0)
    finally:
        os.close(descriptor)
    put_in_place(draft, file)
