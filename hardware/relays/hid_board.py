"""Kind `hid`: USB relay boards that are HID devices, of two makes that tell themselves apart.

DCTTech and copies (16c0:05df, "USBRelay2"): feature reports of eight bytes, `FF n` on, `FD n` off; the report read back
holds the board's name in bytes 0 to 4 and a bit for each relay in byte 7. They are known to fail a reading now and
then, and to vanish from the bus after some switchings: so each switching is read back, and tried a second time.

Ucreatefun and CH551G copies (0519:2018, "HIDRelay"): one byte in an output report, F0 + n on, n off. No read-back.

Both as the drivers usbrelay and usb-relay-hid have them; relays count from 1.
"""

import contextlib
from dataclasses import dataclass, field
from typing import ClassVar, Final, Protocol

from hardware.errors import DeviceLost, OpenFailed
from hardware.hidraw import HidIdentity, HidRaw
from hardware.options import DeviceOptions, expects
from hardware.relay import Relay

DCTTECH: Final = HidIdentity(0x16C0, 0x05DF)
UCREATEFUN: Final = HidIdentity(0x0519, 0x2018)

_SIZE: Final = 9  # with the report's number, which is 0
_STATES: Final = 8
_TRIES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HidOptions(DeviceOptions):
    """Settings of one relay of a HID board."""

    kind: str = "hid"
    port: str = field(metadata=expects("the device's path, such as /dev/lunas/relay-..."))
    channel: int = field(default=1, metadata=expects("the relay on the board, as printed on it", 1, 8))


class _Make(Protocol):
    """How one make of board is switched and read back."""

    def switch(self, device: HidRaw, channel: int, *, on: bool) -> None: ...

    def state(self, device: HidRaw, channel: int) -> bool | None: ...


class _Dcttech:
    def switch(self, device: HidRaw, channel: int, *, on: bool) -> None:
        device.send_feature(_report(0xFF if on else 0xFD, channel))

    def state(self, device: HidRaw, channel: int) -> bool:
        try:
            report = device.get_feature(_SIZE)
        except DeviceLost:
            report = device.get_feature(_SIZE)
        return bool(report[_STATES] >> channel - 1 & 1)


class _Ucreatefun:
    def switch(self, device: HidRaw, channel: int, *, on: bool) -> None:
        device.write(_report((0xF0 if on else 0x00) + channel))

    def state(self, device: HidRaw, channel: int) -> None:
        del channel  # the board tells of none
        device.check()


_MAKES: Final[dict[HidIdentity, _Make]] = {DCTTECH: _Dcttech(), UCREATEFUN: _Ucreatefun()}


class HidBoard(Relay):
    """One relay of a board."""

    options_class: ClassVar[type[DeviceOptions]] = HidOptions

    def __init__(self, options: HidOptions) -> None:
        super().__init__(options)
        self._channel = options.channel
        self._device = HidRaw(options.port)
        self._make: _Make = _MAKES[DCTTECH]

    def open(self) -> None:
        """Take the board, learn its make, and switch the relay off."""
        self._make = self._made_by(self._device.open())
        try:
            self.off()
        except DeviceLost as error:
            self._device.close()
            raise OpenFailed(f"cannot switch relay {self.name!r} off: {error}") from error

    def on(self) -> None:
        """Switch the relay on, and see that it is where the board tells."""
        self._switch(on=True)

    def off(self) -> None:
        """Switch the relay off, and see that it is where the board tells."""
        self._switch(on=False)

    def check(self) -> bool | None:
        """Return whether the relay is on, as the board reads it; None for a make that cannot."""
        return self._make.state(self._device, self._channel)

    def close(self) -> None:
        """Switch the relay off and let the board go."""
        with contextlib.suppress(DeviceLost):
            self.off()
        self._device.close()

    def _made_by(self, identity: HidIdentity) -> _Make:
        if identity not in _MAKES:
            self._device.close()
            known = " or ".join(f"{each.vendor:04x}:{each.product:04x}" for each in _MAKES)
            got = f"{identity.vendor:04x}:{identity.product:04x}"
            raise OpenFailed(f"{self._device.port} is no relay board that is known: expected {known}, got {got}")
        return _MAKES[identity]

    def _switch(self, *, on: bool) -> None:
        for _ in range(_TRIES):
            self._make.switch(self._device, self._channel, on=on)
            if self.check() in {on, None}:
                return
        wanted, found = ("on", "off") if on else ("off", "on")
        raise DeviceLost(f"{self._device.port} does not switch: it was told {wanted} and reads back {found}")


def _report(*data: int) -> bytes:
    return bytes((0, *data)).ljust(_SIZE, b"\0")
