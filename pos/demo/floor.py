"""The shop floor: what a click does, and who is told. Any thread may use it.

A click writes a label's bytes to a scanner's cable. What is shown comes back from elsewhere: the lamp from the relay
board's frames, everything else from the shop's database, whoever caused it.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Condition, Event, Lock, Thread
from typing import Any, TypeVar

from hardware.cable import Cable
from pos.demo.cashier import Cashier, Scanner
from pos.demo.goods import GOODS, Unit
from pos.demo.lamp import Frame
from pos.demo.observer import Observer
from pos.demo.scene import Scene
from pos.demo.shop import DemoShop
from pos.demo.story import Happening, What
from pos.till_server import counter_of
from shared.database import DatabaseError

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_SECONDS = 0.15
SUFFIX = b"\r"  # as most scanners end a label
GOOD = "good"


class Floor:
    """The scene, and those who change it."""

    def __init__(self, shop: DemoShop, scanners: Mapping[str, Cable]) -> None:
        """`scanners`: the cables of `till` and `gate`."""
        self._shop = shop
        self._scanners = scanners
        self._observer = Observer(shop.database, counter_of(shop.settings))
        self._scene = Scene(shop.units())
        self._changed = Condition()
        self._number = 1
        self._restocking = Lock()
        self._stopping = Event()
        self._thread = Thread(target=self._look_on, name="floor", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._look()
        self._thread.start()

    def stop(self) -> None:
        """End, and let all who wait go."""
        self._stopping.set()
        self._thread.join()
        with self._changing():
            pass

    @property
    def is_open(self) -> bool:
        """Whether there is more to come."""
        return not self._stopping.is_set()

    def show(self, draw: Callable[[Scene], T]) -> T:
        """What `draw` makes of the scene, which stands still meanwhile."""
        with self._changed:
            return draw(self._scene)

    def wait_newer(self, number: int, seconds: float) -> int:
        """The scene's number, as soon as it is above `number`, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > number, seconds)
            return self._number

    def unit(self, slot: str) -> Unit:
        """What stands in this place. Raises KeyError."""
        with self._changed:
            return self._scene.units[slot]

    def carry(self, slot: str, to: str) -> None:
        """Hold a unit's label before the scanner of the till or the gate. Raises KeyError, HardwareError."""
        unit, cable = self.unit(slot), self._scanners[to]
        with self._changing():
            self._scene.carry(unit, to)
        cable.send(unit.label.encode() + SUFFIX)

    def restock(self, cashier: Cashier) -> None:
        """As at first: the cart given back, and a new unit for each that is not for sale any more. Raises TillError."""
        with self._restocking:
            if self.show(lambda scene: scene.cart.lines):
                cashier.give_back()
            gone = self.show(lambda scene: scene.gone)
            kept = {slot: unit for slot, unit in self._shop.units().items() if slot not in gone}
            self._shop.stock([good for good in GOODS if good.slot in gone], kept)
            with self._changing():
                self._scene.begin(self._shop.units())
                if gone:
                    self._scene.story.add(Happening(What.RECEIVED, reason=str(len(gone))))
            self._look()

    def hear_frame(self, frame: Frame) -> None:
        """A frame reached the relay's board."""
        with self._changing():
            self._scene.switch(frame)

    def hear_till(self, text: str, answer: Mapping[str, Any]) -> None:
        """The till answered a scan."""
        what = What.IN_CART if answer.get("level") == GOOD else What.REFUSED
        with self._changing():
            self._scene.story.add(Happening(what, text, reason=str(answer.get("reason", ""))))
        self._look()

    def hear_scanner(self, scanner: Scanner) -> None:
        """The till's scanner is in other hands."""
        with self._changing():
            self._scene.scanner = scanner

    def _look_on(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self._look()
            except DatabaseError as error:
                log.warning("the floor cannot see the shop: %s", error)

    def _look(self) -> None:
        with self._changed:
            look = self._observer.look(list(self._scene.units.values()))
            if self._scene.see(look):
                self._number += 1
                self._changed.notify_all()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._changed:
            yield
            self._number += 1
            self._changed.notify_all()
