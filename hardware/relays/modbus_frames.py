"""Modbus RTU: the few frames that a relay board is spoken to with, and what its answers say. Pure.

From the Modbus application protocol (functions 1 and 5), its serial line guide (the CRC) and Waveshare's manual of its
RTU relays (the pulse). Everything in a frame counts from 0, its words are sent high byte first, the CRC low byte
first::

    write one coil       unit 05 00 coil FF 00 crc crc      answered by the same bytes
    pulse one coil       unit 05 02 coil tenths crc crc     answered by the same bytes; the board's own timer
    read eight coils     unit 01 00 coil 00 08 crc crc      answered by  unit 01 01 bits crc crc
    refusal              unit function+80 why crc crc
"""

from typing import Final

SHORTEST_ANSWER: Final = 5
READ: Final = 0x01
WRITE: Final = 0x05
TOGETHER: Final = 8
LONGEST_PULSE: Final = 0x7FFF / 10  # seconds

_PULSE: Final = 0x0200
_ON: Final = 0xFF00
_REFUSED: Final = 0x80
_REASONS: Final = {1: "it knows no such command", 2: "it has no such relay", 3: "it takes no such value"}


def write_coil(unit: int, coil: int, *, on: bool) -> bytes:
    """Return the frame that switches a relay."""
    return _request(unit, WRITE, coil, _ON if on else 0)


def pulse_coil(unit: int, coil: int, tenths: int) -> bytes:
    """Return the frame that switches a relay on for so many tenths of a second, up to 0x7FFF."""
    return _request(unit, WRITE, _PULSE + coil, tenths)


def read_coils(unit: int, coil: int) -> bytes:
    """Return the frame that asks for the eight relays among which `coil` is."""
    return _request(unit, READ, coil - coil % TOGETHER, TOGETHER)


def answer_length(request: bytes, heard: bytes) -> int:
    """Return how long the answer to `request` is, as far as what was heard of it tells."""
    if len(heard) > 1 and heard[1] & _REFUSED:
        return SHORTEST_ANSWER
    return len(request) if request[1] == WRITE else SHORTEST_ANSWER + 1


def is_answer(request: bytes, answer: bytes) -> bool:
    """Return whether a whole, undamaged answer to `request` came; it may be a refusal."""
    same_board = answer[:1] == request[:1]
    same_function = answer[1:2] in {request[1:2], bytes((request[1] | _REFUSED,))}
    return same_board and same_function and len(answer) >= SHORTEST_ANSWER and answer[-2:] == crc(answer[:-2])


def refusal(answer: bytes) -> str:
    """Return why the board refuses, in words; "" for an answer that is none."""
    if not answer[1] & _REFUSED:
        return ""
    return _REASONS.get(answer[2], f"it refuses with code {answer[2]}")


def is_on(answer: bytes, coil: int) -> bool:
    """Return what the answer to `read_coils` says of one relay."""
    return bool(answer[3] >> coil % TOGETHER & 1)


def crc(body: bytes) -> bytes:
    """Return a frame's last two bytes."""
    value = 0xFFFF
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def _request(unit: int, function: int, address: int, value: int) -> bytes:
    body = bytes((unit, function)) + address.to_bytes(2, "big") + value.to_bytes(2, "big")
    return body + crc(body)
